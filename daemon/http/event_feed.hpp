#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::daemon {

/// One event in the server-sent events' notation. `data` is one line of JSON.
std::string render_event(std::string_view name, std::uint64_t id, std::string_view data);

/// What one listener of an event stream has not been sent yet. It holds at most `most` events: a listener that lags
/// further behind is cut, so that a slow reader costs no memory. Owned by the session that sends it; used on the
/// daemon's one thread.
class event_feed {
public:
    event_feed(boost::asio::any_io_executor executor, std::size_t most, std::chrono::milliseconds heartbeat);

    void push(std::string event);
    void close();

    /// The next piece to send: all events that wait, or a comment after a quiet while. Nothing when it is over.
    boost::asio::awaitable<std::optional<std::string>> next();

    bool is_open() const noexcept { return open_; }

private:
    std::string take();

    std::size_t most_;
    std::chrono::milliseconds heartbeat_;
    std::deque<std::string> waiting_;
    boost::asio::steady_timer news_;
    bool open_ = true;
};

}  // namespace penholder::daemon
