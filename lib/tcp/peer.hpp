#pragma once

#include "base/log_limit.hpp"
#include "connection.hpp"
#include "listener.hpp"
#include "traffic.hpp"
#include "wire/leader_handshake.hpp"

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

/// What a listener and its peers have in common. Peers may outlive the listener by a few turns of the executor.
struct peers {
    listener_identity self;
    link_options settings;
    std::shared_ptr<const link_security> protection;
    std::string endpoint;  ///< Under which the listener is known, once it is started.
    listener_handlers handlers;
    listener_counters counters;
    std::shared_ptr<traffic> counted = std::make_shared<traffic>();
    std::set<peer*> all;                       ///< Each takes itself out when it is gone.
    std::list<peer*> unauthenticated;          ///< Those of them that are no link, or none any more; the oldest first.
    std::map<std::string, std::size_t> links;  ///< Past their handshake, by group.
    log_limit lines;
    bool stopped = false;

    std::size_t linked() const noexcept;
};

/// One accepted connection: a follower's link seen from the leader's end.
///
/// It greets, until the follower has proven itself, by TLS where there is some, and its group accepts links; it serves,
/// as a link; and it parts, where the peer broke the rules and is told so. While it greets or parts it counts among the
/// unauthenticated peers, whose number is bounded, except while a proven follower waits for its welcome. Each stage is
/// bounded in time by `check()`. Owned by its own coroutine, `run()`; all calls on the executor.
class peer : public std::enable_shared_from_this<peer> {
public:
    using clock = std::chrono::steady_clock;

    peer(std::shared_ptr<peers> among, std::unique_ptr<transport> over);
    ~peer();
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    static boost::asio::awaitable<void> run(std::shared_ptr<peer> self);

    /// Cuts it where it has taken too long to greet, to speak, or to go.
    void check(clock::time_point now);

    /// Another connection came, and this one has taken longest to become a link, or to go.
    void make_room();

    /// Says goodbye and closes.
    void part(const error& why);

    /// Whether its group accepts links has changed.
    void look_again() { wait_.cancel(); }

private:
    enum class stage { greeting, serving, parting };

    boost::asio::awaitable<result<>> greet();
    boost::asio::awaitable<void> wait_until_accepted();
    boost::asio::awaitable<void> serve();
    void count_link(bool is_up);
    boost::asio::awaitable<result<>> answer_requests();
    boost::asio::awaitable<void> refuse(error why);
    wire::link_admission admission(const wire::message& of) const;
    result<> handle(wire::message what);
    void take(wire::request asked);
    void answer(wire::reply made);
    void enter(stage next);
    void join_unauthenticated();
    void leave_unauthenticated();
    void log_how_it_ended();
    void log_end(std::string_view event, const error& why);

    std::shared_ptr<peers> among_;
    std::string address_;
    std::shared_ptr<connection> connection_;
    boost::asio::steady_timer wait_;  ///< For the group to accept links.
    std::string group_;               ///< Once the follower is proven; so is the name of its node.
    std::string node_;
    std::optional<std::list<peer*>::iterator> among_unauthenticated_;
    stage stage_ = stage::greeting;
    clock::time_point stage_began_ = clock::now();
    std::size_t in_flight_ = 0;
};

}  // namespace penholder::tcp
