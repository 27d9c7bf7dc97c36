#include "connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;

constexpr std::size_t first_read_bytes = 2 * 1024;
constexpr std::size_t largest_read_bytes = 256 * 1024;
constexpr std::size_t idle_buffer_bytes = 64 * 1024;

link_loss broken(const boost::system::error_code& failed) {
    const auto* text =
        failed == asio::error::eof ? "the peer closed the connection without a goodbye" : "the connection broke: ";
    return {loss::reset,
            {errc::link_lost, failed == asio::error::eof ? std::string(text) : text + failed.message()},
            false,
            {}};
}

void empty(std::string& buffer) {
    buffer.clear();
    if (buffer.capacity() > idle_buffer_bytes) buffer = {};
}

}  // namespace

connection::connection(socket_type socket, std::size_t max_frame_bytes, std::size_t max_outgoing_bytes,
                       std::shared_ptr<traffic> counted)
    : socket_(std::move(socket)),
      decoder_(max_frame_bytes),
      max_frame_bytes_(max_frame_bytes),
      max_outgoing_bytes_(max_outgoing_bytes),
      counted_(std::move(counted)),
      read_size_(first_read_bytes) {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
}

void connection::trust(std::size_t max_frame_bytes) noexcept {
    max_frame_bytes_ = max_frame_bytes;
    decoder_.set_max_frame_bytes(max_frame_bytes);
}

result<std::optional<wire::message>> connection::next() {
    const auto framed = decoder_.next();
    if (!framed) return framed.error();
    if (!*framed) return std::optional<wire::message>{};
    ++counted_->frames_in;
    auto decoded = wire::decode(**framed);
    if (!decoded) return decoded.error();
    return std::optional(std::move(*decoded));
}

asio::awaitable<bool> connection::more() {
    if (!open_) co_return false;
    const auto room = decoder_.room(read_size_);
    const auto [failed, bytes] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), asio::as_tuple(asio::use_awaitable));
    if (failed) {
        cut(broken(failed));
        co_return false;
    }
    decoder_.came(bytes);
    counted_->bytes_in += bytes;
    last_heard_ = clock::now();
    adapt_read_size(bytes);
    co_return open_;
}

asio::awaitable<result<wire::message>> connection::receive() {
    for (;;) {
        auto got = next();
        if (!got) co_return got.error();
        if (*got) co_return std::move(**got);
        if (!co_await more()) co_return cause_->why;
    }
}

// Thousands of idle links must not hold a large buffer each; a busy one shall read much at a time.
void connection::adapt_read_size(std::size_t bytes) noexcept {
    if (bytes >= read_size_) {
        read_size_ = std::min(read_size_ * 2, largest_read_bytes);
    } else if (bytes < read_size_ / 4) {
        read_size_ = std::max(read_size_ / 2, first_read_bytes);
    }
}

bool connection::sent_from(std::size_t before) {
    if (outgoing_.size() - before > max_frame_bytes_) {
        outgoing_.resize(before);
        return false;
    }
    ++counted_->frames_out;
    if (backlog() > max_outgoing_bytes_) {
        cut({loss::reset,
             {errc::overloaded, "the peer reads too slowly: " + std::to_string(backlog()) + " bytes wait for it"},
             false,
             {}});
        return true;
    }
    if (flush_posted_ || writing_) return true;
    flush_posted_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->flush_posted_ = false;
        self->flush();
    });
    return true;
}

void connection::flush() {
    if (!open_ || writing_ || outgoing_.empty()) return;
    writing_ = true;
    leaving_.swap(outgoing_);
    asio::async_write(socket_, asio::buffer(leaving_),
                      [self = shared_from_this()](boost::system::error_code failed, std::size_t bytes) {
                          self->flushed(failed, bytes);
                      });
}

void connection::flushed(boost::system::error_code failed, std::size_t bytes) {
    writing_ = false;
    counted_->bytes_out += bytes;
    empty(leaving_);
    if (failed) return cut(broken(failed));
    flush();
    if (finishing_ && !writing_) socket_.shutdown(socket_type::shutdown_send, failed);
}

void connection::cut(link_loss why) {
    if (!open_) return;
    open_ = false;
    cause_ = std::move(why);
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void connection::part(const error& why) {
    if (!open_) return;
    if (!writing_) {
        wire::encode(wire::goodbye{why}, outgoing_);
        boost::system::error_code ignored;
        socket_.write_some(asio::buffer(outgoing_), ignored);
    }
    cut({loss::closed, why, false, {}});
}

asio::awaitable<void> connection::part_gently(error why) {
    finishing_ = true;
    send(wire::goodbye{why});
    std::string waste(first_read_bytes, '\0');
    while (open_) {
        const auto [ended, bytes] =
            co_await socket_.async_read_some(asio::buffer(waste), asio::as_tuple(asio::use_awaitable));
        if (ended) break;
    }
    cut({loss::closed, std::move(why), false, {}});
}

}  // namespace penholder::tcp
