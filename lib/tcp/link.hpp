#pragma once

#include "link_pauses.hpp"
#include "traffic.hpp"
#include "wire/link_loss.hpp"
#include "wire/link_target.hpp"
#include "wire/message.hpp"
#include "wire/request_window.hpp"

#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace penholder::tcp {

using wire::link_loss;
using wire::link_target;
using wire::loss;

class connection;
class heartbeat;
class link_attempt;
class link_security;

/// What a link tells its owner: on the executor, never from within a call of the owner's, never after close().
struct link_handlers {
    std::function<void()> on_up;
    std::function<void(const link_loss&)> on_down;  ///< Also for each attempt to connect that failed.
    std::function<void(wire::reply)> on_reply;
};

struct link_counters : traffic {
    std::uint64_t connects = 0;  ///< Handshakes that succeeded.
    std::uint64_t losses = 0;    ///< Links that were up and went down.
};

/// One group's link from this node to the leader of one term: one connection after the other, each from an attempt of
/// its own, with short waits between them, until the link is closed. While a connection is up, a heartbeat watches it
/// and requests go over it; those of a lost connection get no reply any more.
///
/// on_up and on_down alternate, but for attempts that failed: each of those is an on_down with `was_up` false. Owned by
/// the group; all calls on the executor. A closed link stays closed.
class link : public std::enable_shared_from_this<link> {
public:
    link(boost::asio::any_io_executor executor, link_target target, link_options settings,
         std::shared_ptr<const link_security> protection, link_handlers handlers);
    ~link();
    link(const link&) = delete;
    link& operator=(const link&) = delete;

    void start();

    /// No handler is called any more.
    void close();

    /// Something waits for the link: while it is down, no attempt is put off for others' sake.
    void hurry();

    /// False when the link is down, the window has no room for such a request, or the leader reads too slowly; then
    /// nothing was sent.
    bool send(const wire::request& asked);

    bool is_up() const noexcept { return up_ != nullptr; }
    const link_target& target() const noexcept { return target_; }

    /// How many writes may be without a reply, known once the link is up; and how many are.
    std::size_t window() const noexcept { return window_.writes(); }
    std::size_t in_flight() const noexcept { return window_.writes_open(); }

    /// When the leader was last heard on any of this link's connections.
    std::optional<std::chrono::steady_clock::time_point> last_contact() const noexcept;
    link_counters counters() const noexcept;

private:
    using clock = std::chrono::steady_clock;
    enum class stage { created, running, closed };

    static boost::asio::awaitable<void> run(std::shared_ptr<link> self);
    boost::asio::awaitable<link_loss> connect_and_serve();
    boost::asio::awaitable<link_loss> serve(std::shared_ptr<connection> over);
    void handle(connection& from, wire::message what);
    void came_up(std::shared_ptr<connection> over, incarnation life, std::size_t leaders_window);
    void went_down(const link_loss& why);

    boost::asio::any_io_executor executor_;
    link_target target_;
    link_options settings_;
    std::shared_ptr<const link_security> protection_;
    link_handlers handlers_;
    link_pauses pauses_;
    boost::asio::steady_timer pause_;  ///< Between two attempts.
    std::shared_ptr<link_counters> counters_ = std::make_shared<link_counters>();
    std::shared_ptr<link_attempt> attempt_;  ///< While one is under way.
    std::shared_ptr<connection> up_;         ///< While the link is up.
    std::shared_ptr<heartbeat> heartbeat_;   ///< Of that connection.
    wire::request_window window_;            ///< Of that connection, or of the last one.
    clock::time_point up_since_;
    std::optional<clock::time_point> heard_before_;  ///< On earlier connections.
    stage stage_ = stage::created;
};

}  // namespace penholder::tcp
