#pragma once

#include "base/backoff.hpp"
#include "model/ids.hpp"
#include "traffic.hpp"
#include "wire/link_loss.hpp"
#include "wire/message.hpp"
#include "wire/request_window.hpp"

#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::tcp {

using wire::link_loss;
using wire::loss;

class connection;

/// Whom a link connects to, for whom.
struct link_target {
    std::string group;
    std::string node;  ///< Our own name.
    incarnation life;  ///< Our own.
    penholder::term term;
    std::string leader;                      ///< The node expected to answer.
    std::optional<incarnation> leader_life;  ///< The incarnation expected to answer; the first that does, if unknown.
    std::string endpoint;                    ///< host:port
};

/// What a link tells its owner, always posted to the executor, never after close().
struct link_handlers {
    std::function<void()> on_up;
    std::function<void(const link_loss&)> on_down;  ///< Also for each attempt to connect that failed.
    std::function<void(wire::reply)> on_reply;
};

struct link_counters : traffic {
    std::uint64_t connects = 0;  ///< Handshakes that succeeded.
    std::uint64_t losses = 0;    ///< Links that were up and went down.
};

/// One group's connection from this node to the leader of one term. It connects again, after short waits, until it is
/// closed; the requests of a lost connection get no reply any more. Owned by the group; all calls on the executor.
class link : public std::enable_shared_from_this<link> {
public:
    link(boost::asio::any_io_executor executor, link_target target, link_options settings, link_handlers handlers);
    link(const link&) = delete;
    link& operator=(const link&) = delete;

    void start();

    /// No handler is called any more.
    void close();

    /// False when the link is down, the window has no room for such a request, or the leader reads too slowly; then
    /// nothing was sent.
    bool send(const wire::request& asked);

    bool is_up() const noexcept { return up_; }
    const link_target& target() const noexcept { return target_; }

    /// How many writes may be without a reply, known once the link is up; and how many are.
    std::size_t window() const noexcept { return window_.writes(); }
    std::size_t in_flight() const noexcept { return window_.writes_open(); }

    /// When the leader was last heard on any of this link's connections.
    std::optional<std::chrono::steady_clock::time_point> last_contact() const noexcept;
    link_counters counters() const noexcept;

private:
    using clock = std::chrono::steady_clock;

    static boost::asio::awaitable<void> run(std::shared_ptr<link> self);
    boost::asio::awaitable<link_loss> connect_and_serve();
    boost::asio::awaitable<std::optional<link_loss>> connect();
    boost::asio::awaitable<link_loss> serve(std::shared_ptr<connection> over);
    void came_up();
    void handle(connection& from, wire::message what);
    void limit_connecting();
    void pulse();
    void went_down(link_loss why);

    boost::asio::any_io_executor executor_;
    link_target target_;
    link_options settings_;
    link_handlers handlers_;
    backoff pauses_;
    std::shared_ptr<traffic> traffic_ = std::make_shared<traffic>();
    boost::asio::ip::tcp::socket socket_;  ///< While connecting.
    std::shared_ptr<connection> connection_;
    boost::asio::steady_timer watch_;  ///< Limits connecting; then pings and notices silence.
    boost::asio::steady_timer rest_;   ///< Between two attempts to connect.
    std::uint64_t watch_round_ = 0;    ///< Tells a watch that was set aside from the current one.
    std::optional<clock::time_point> heard_before_;
    clock::time_point up_since_;
    std::uint64_t pings_ = 0;
    std::uint64_t connects_ = 0;
    std::uint64_t losses_ = 0;
    wire::request_window window_;
    bool too_late_ = false;
    bool up_ = false;
    bool started_ = false;
    bool closed_ = false;
};

}  // namespace penholder::tcp
