#pragma once

#include "tcp/connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace penholder::testing {

namespace asio = boost::asio;

/// What happens to a transport, and what its peer does: both sides of it belong to the test.
struct script {
    explicit script(asio::io_context& io) : executor(io.get_executor()), bell(io) {}

    void comes(std::string bytes) {
        incoming.push_back(std::move(bytes));
        bell.cancel();
    }
    void ends(boost::system::error_code how = asio::error::eof) {
        end = how;
        bell.cancel();
    }
    /// The write under way has ended.
    void sent(boost::system::error_code failed = {}) {
        std::exchange(writing, nullptr)({failed, failed ? 0 : written.back().size()});
    }

    asio::any_io_executor executor;
    asio::steady_timer bell;
    std::deque<std::string> incoming;
    boost::system::error_code end;
    std::vector<std::string> written;
    bool writes_end_at_once = true;
    tcp::transport::on_written writing;
    bool shut = false;
    bool closed = false;
};

class scripted_transport final : public tcp::transport {
public:
    explicit scripted_transport(std::shared_ptr<script> by) : by_(std::move(by)) {}

    asio::any_io_executor executor() override { return by_->executor; }

    asio::awaitable<transferred> read_some(asio::mutable_buffer into) override {
        const auto by = by_;
        while (by->incoming.empty() && !by->end && !by->closed) {
            boost::system::error_code woken;
            by->bell.expires_at(asio::steady_timer::time_point::max());
            co_await by->bell.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
        if (by->closed) co_return transferred{asio::error::operation_aborted, 0};
        if (by->incoming.empty()) co_return transferred{by->end, 0};
        auto& next = by->incoming.front();
        const auto bytes = std::min(next.size(), into.size());
        std::copy_n(next.data(), bytes, static_cast<char*>(into.data()));
        next.erase(0, bytes);
        if (next.empty()) by->incoming.pop_front();
        co_return transferred{{}, bytes};
    }

    void write(asio::const_buffer from, on_written done) override {
        by_->written.emplace_back(static_cast<const char*>(from.data()), from.size());
        by_->writing = std::move(done);
        if (by_->writes_end_at_once) asio::post(by_->executor, [by = by_] { by->sent(); });
    }

    void shutdown() noexcept override { by_->shut = true; }

    void close() noexcept override {
        by_->closed = true;
        by_->bell.cancel();
        if (by_->writing && !by_->writes_end_at_once) {
            asio::post(by_->executor, [by = by_] {
                if (by->writing) by->sent(asio::error::operation_aborted);
            });
        }
    }

    std::string peer_address() const override { return "10.0.0.1:4711"; }

private:
    std::shared_ptr<script> by_;
};

/// A connection whose peer is the test.
struct scripted_connection {
    explicit scripted_connection(std::size_t max_frame = 1024, std::size_t max_outgoing = 4096)
        : over(std::make_shared<tcp::connection>(std::make_unique<scripted_transport>(by), max_frame, max_outgoing,
                                                 counted)) {}
    scripted_connection(const scripted_connection&) = delete;
    scripted_connection& operator=(const scripted_connection&) = delete;
    /// A write that never ends would hold the connection that waits for it, and through it the script.
    ~scripted_connection() { by->writing = nullptr; }

    /// Whatever can be done without waiting.
    void settle() {
        io.restart();
        io.poll();
    }

    asio::io_context io;
    std::shared_ptr<script> by = std::make_shared<script>(io);
    std::shared_ptr<tcp::traffic> counted = std::make_shared<tcp::traffic>();
    std::shared_ptr<tcp::connection> over;
};

template <class Message>
std::string frame_of(const Message& what) {
    std::string out;
    wire::encode(what, out);
    return out;
}

}  // namespace penholder::testing
