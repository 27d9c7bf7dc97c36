#include "daemon/http/event_feed.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace penholder::daemon {

namespace asio = boost::asio;

std::string render_event(std::string_view name, std::uint64_t id, std::string_view data) {
    return fmt::format("event: {}\nid: {}\ndata: {}\n\n", name, id, data);
}

event_feed::event_feed(asio::any_io_executor executor, std::size_t most, std::chrono::milliseconds heartbeat)
    : most_(most), heartbeat_(heartbeat), news_(std::move(executor)) {}

void event_feed::push(std::string event) {
    if (!open_) return;
    if (waiting_.size() == most_) return close();
    waiting_.push_back(std::move(event));
    news_.cancel();
}

void event_feed::close() {
    open_ = false;
    waiting_.clear();
    news_.cancel();
}

asio::awaitable<std::optional<std::string>> event_feed::next() {
    if (open_ && waiting_.empty()) {
        news_.expires_after(heartbeat_);
        co_await news_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (!open_) co_return std::nullopt;
    co_return waiting_.empty() ? std::string(": still here\n\n") : take();
}

std::string event_feed::take() {
    std::string all;
    for (const auto& event : waiting_) all += event;
    waiting_.clear();
    return all;
}

}  // namespace penholder::daemon
