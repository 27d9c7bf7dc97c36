#pragma once

#include "model/ids.hpp"
#include "traffic.hpp"
#include "wire/request.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace penholder::tcp {

struct peers;

/// Who listens.
struct listener_identity {
    std::string node;
    incarnation life;
};

/// How the owner answers a request; it is called once, at any later time, also when the connection is long gone.
using responder = std::function<void(wire::reply_body)>;

/// What a listener asks its owner, always posted to the executor, never after stop().
struct listener_handlers {
    std::function<bool(const std::string& group)> knows_group;  ///< Asked during a handshake; must only look.
    std::function<bool(const std::string& group)> is_shut;      ///< Followers wait for their welcome; may be empty.
    std::function<void(const std::string& group, wire::request_body, responder)> on_request;
};

struct listener_counters : traffic {
    std::uint64_t accepted = 0;
    std::uint64_t turned_away = 0;  ///< Followers that had proven themselves, past max_links.
    std::uint64_t crowded_out = 0;  ///< Strangers that were cut for others, past max_handshakes.
    std::uint64_t refused = 0;      ///< Handshakes that failed, timed-out ones included.
    std::uint64_t cut = 0;          ///< Slow readers, silent peers, broken frames.
    std::uint64_t overloaded = 0;   ///< Requests past a connection's max_in_flight.
};

/// Accepts the links of all groups of this node. Owned by the node; all calls on the executor.
class listener : public std::enable_shared_from_this<listener> {
public:
    listener(boost::asio::any_io_executor executor, listener_identity self, link_options settings,
             listener_handlers handlers);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    /// Binds and accepts. The result is what others connect to, "host:port" with the port that was bound.
    /// Errors: invalid_argument (bad address, address in use).
    result<std::string> start();

    /// Says goodbye to every link, closes everything. No handler is called any more.
    void stop();

    /// What `is_shut` answers has changed for some group.
    void door_changed();

    std::size_t links() const noexcept;  ///< Connections past their handshake.
    std::size_t links(const std::string& group) const noexcept;
    listener_counters counters() const noexcept;

private:
    static boost::asio::awaitable<void> accept(std::shared_ptr<listener> self);
    void take(boost::asio::ip::tcp::socket socket);
    void sweep();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<peers> peers_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer timer_;
};

}  // namespace penholder::tcp
