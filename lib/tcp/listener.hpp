#pragma once

#include "model/ids.hpp"
#include "traffic.hpp"
#include "transport.hpp"
#include "wire/request.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace penholder::tcp {

class acceptor;
class link_security;
struct peers;

/// Who listens.
struct listener_identity {
    std::string node;
    incarnation life;
};

/// How the owner answers a request; it is called once, at any later time, also when the connection is long gone.
using responder = std::function<void(wire::reply_body)>;

/// What a listener asks its owner, on the executor, never from within a call of the owner's, never after stop().
struct listener_handlers {
    std::function<bool(const std::string& group)> knows_group;  ///< Asked during a handshake; must only look.
    /// While it does not, followers that are proven wait for their welcome; always, where this is empty.
    std::function<bool(const std::string& group)> accepts_links;
    std::function<void(const std::string& group, wire::request_body, responder)> on_request;
    /// How many links there are for that group has changed.
    std::function<void(const std::string& group, std::size_t links)> on_links;
};

struct listener_counters : traffic {
    std::uint64_t accepted = 0;
    std::uint64_t turned_away = 0;  ///< Followers that belong to us, past max_links.
    std::uint64_t crowded_out = 0;  ///< Unauthenticated peers that were cut for others, past max_handshakes.
    std::uint64_t refused = 0;      ///< Handshakes that failed, timed-out ones included.
    std::uint64_t cut = 0;          ///< Slow readers, silent peers, broken frames.
    std::uint64_t overloaded = 0;   ///< Requests past a connection's max_in_flight.
};

/// Accepts the links of all groups of this node: at most max_links of them, and besides at most max_handshakes
/// unauthenticated peers, which compete among themselves only. Owned by the node; all calls on the executor. It is
/// started once and stopped once.
class listener : public std::enable_shared_from_this<listener> {
public:
    listener(boost::asio::any_io_executor executor, listener_identity self, link_options settings,
             std::shared_ptr<const link_security> protection, listener_handlers handlers);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    /// Binds and accepts. The result is what was bound, "host:port" with the port.
    /// Errors: invalid_argument (bad address, address in use).
    result<std::string> start();

    /// Says goodbye to every link, closes everything. No handler is called any more.
    void stop();

    /// What `accepts_links` answers has changed for some group.
    void accepting_links_changed();

    /// What others connect to: what is advertised, else what was bound. Once it is started.
    const std::string& endpoint() const noexcept;

    std::size_t links() const noexcept;  ///< Connections past their handshake.
    std::size_t links(const std::string& group) const noexcept;
    listener_counters counters() const noexcept;

private:
    void take(stream_socket connected);
    void sweep();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<peers> peers_;
    std::shared_ptr<acceptor> acceptor_;  ///< Once it is started.
    boost::asio::steady_timer timer_;
};

}  // namespace penholder::tcp
