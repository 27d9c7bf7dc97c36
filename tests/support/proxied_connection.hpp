#pragma once

#include <boost/asio.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::testing {

/// The state of one direction of a proxy's network, shared by all its connections.
struct weather {
    bool holding = false;
    std::size_t allowed = 0;  ///< Bytes that still pass while holding.
    std::chrono::milliseconds late{0};
    std::size_t carried = 0;
    std::size_t held = 0;
};

/// One direction of one proxied connection: reads on one side, writes on the other what is due and allowed. Part of a
/// proxied_connection, on the proxy's thread.
class pump {
public:
    using socket = boost::asio::ip::tcp::socket;

    pump(socket& from, socket& to, weather& sky, std::function<void()> ended);

    void start(std::weak_ptr<void> owner);
    void move();   ///< Writes what may go now; to be called again when the weather changed.
    void close();  ///< Forgets what was on the way; the sockets are the owner's.
    bool ended() const noexcept { return ended_; }

private:
    struct chunk {
        std::chrono::steady_clock::time_point due;
        std::string bytes;  ///< Empty: the end of the stream.
    };

    void read();
    void have_read(std::size_t count, bool more);
    void write(std::string bytes);
    void end();
    void wake_at(std::chrono::steady_clock::time_point when);
    std::optional<std::string> take_allowed();

    socket& from_;
    socket& to_;
    weather& sky_;
    std::function<void()> on_end_;
    std::weak_ptr<void> owner_;
    boost::asio::steady_timer timer_;
    std::array<char, 16384> buffer_{};
    std::deque<chunk> waiting_;
    bool reading_ = false;
    bool writing_ = false;
    bool ended_ = false;
    bool closed_ = false;
};

/// A client's connection to a proxy and the one that the proxy made to the target for it. Owned by the proxy, on its
/// thread.
class proxied_connection : public std::enable_shared_from_this<proxied_connection> {
public:
    /// `gone` is called once both directions have ended.
    proxied_connection(pump::socket client, pump::socket target, weather& requests, weather& replies,
                       std::function<void()> gone);
    void start();
    void move();
    void cut();
    void half_open();

private:
    pump::socket client_;
    pump::socket target_;
    pump requests_;
    pump replies_;
};

}  // namespace penholder::testing
