#pragma once

#include "base/log_limit.hpp"
#include "connection.hpp"
#include "listener.hpp"
#include "traffic.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace penholder::tcp {

class peer;

/// What a listener and its peers have in common. Peers may outlive the listener by a turn of the executor.
struct peers {
    listener_identity self;
    link_options settings;
    listener_handlers handlers;
    listener_counters counters;
    std::shared_ptr<traffic> counted = std::make_shared<traffic>();
    std::set<peer*> all;                       ///< Each takes itself out when it is gone.
    std::list<peer*> strangers;                ///< Those of them that are no link, the oldest first.
    std::map<std::string, std::size_t> links;  ///< Past their handshake, by group.
    log_limit lines;
    bool stopped = false;

    std::size_t linked() const noexcept;
};

/// One accepted connection: a follower's link seen from the leader's end. Owned by its own coroutine and the set of
/// peers.
class peer : public std::enable_shared_from_this<peer> {
public:
    using clock = std::chrono::steady_clock;

    peer(std::shared_ptr<peers> among, boost::asio::ip::tcp::socket socket, std::string address);
    ~peer();
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    static boost::asio::awaitable<void> run(std::shared_ptr<peer> self);

    /// Cuts it where it has taken too long to greet, to speak, or to go.
    void check(clock::time_point now);

    /// Another connection came, and this one has taken longest to become a link, or to go.
    void make_room();

    /// Says goodbye and closes, as far as that can be done at once.
    void part(const error& why);

    /// The door of its group may be open now; it looks.
    void look_at_door() { door_.cancel(); }

private:
    enum class stage { greeting, serving, parting };

    boost::asio::awaitable<void> wait_at_door();
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<void> refuse(error why);
    std::optional<error> why_no_link() const;
    result<> handle(wire::message what);
    void take(wire::request asked);
    void answer(wire::reply made);
    void enter(stage next);
    void join_strangers();
    void leave_strangers();
    void log_how_it_ended();
    void log_end(std::string_view event, const error& why);

    std::shared_ptr<peers> among_;
    boost::asio::steady_timer door_;  ///< While this node is elected and not serving yet.
    std::shared_ptr<connection> connection_;
    std::string address_;
    std::string group_;
    std::string node_;
    std::optional<std::list<peer*>::iterator> among_strangers_;
    stage stage_ = stage::greeting;
    clock::time_point stage_began_ = clock::now();
    std::size_t in_flight_ = 0;
};

}  // namespace penholder::tcp
