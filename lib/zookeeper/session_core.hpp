#pragma once

#include "handle.hpp"
#include "listeners.hpp"
#include "paced_timer.hpp"
#include "relay.hpp"
#include "server_list.hpp"
#include "session.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <bit>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace penholder::zookeeper {

/// What keeps one session alive: opens handles and replaces those that are dead, tells listeners, keeps its own clock.
/// Owned by `session`; runs on its executor. Names are looked up, and handles opened and closed, on a worker thread, as
/// all of that may block.
///
/// The client library never says by itself that a session is over, it only repeats what a server tells it. So the time
/// since the last answered request is measured here, by a small request of our own three times per session time-out.
/// And it tries for ever to reconnect a handle which the servers will not take: one that has seen a later transaction
/// than an ensemble restored from a backup. A handle that has not connected for three time-outs is therefore replaced
/// by one that takes up the same session and remembers nothing else; where the ensemble is merely down, that is
/// harmless.
///
/// The library knows the servers by numbers. What their names stand for is looked up when a handle is opened, when its
/// connection is lost, and now and then until there is one again; where it has changed, the handle is replaced too. A
/// session that is connected has nothing looked up, so a name server that is away costs none. Of an ensemble that
/// speaks TLS it knows the relay's listeners only.
class session_core : public std::enable_shared_from_this<session_core> {
public:
    session_core(boost::asio::any_io_executor executor, zookeeper_options options);

    void open();
    void close(std::function<void()> done);

    /// Ends everything and waits for the worker.
    void shut();

    std::uint64_t subscribe(listener who) { return listeners_.add(std::move(who)); }
    void unsubscribe(std::uint64_t subscription) { listeners_.remove(subscription); }
    std::optional<error> trouble() const;

    /// What leads to the ensemble's servers.
    struct way {
        server_list servers;
        std::shared_ptr<relay> by;  ///< Null without TLS.
    };
    const std::shared_ptr<relay>& by_relay() const noexcept { return way_.by; }

    /// The handle to send by; nothing while no server is connected.
    handle* usable() const noexcept { return connected() ? handle_.get() : nullptr; }

    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
    const zookeeper_options& options() const noexcept { return options_; }
    std::uint64_t generation() const noexcept { return generation_; }
    std::int64_t id() const noexcept { return key_.id; }
    bool connected() const noexcept { return connected_ && !overdue_; }
    bool is_overdue() const noexcept { return overdue_ || trouble_; }
    bool is_refused() const noexcept;
    int granted_timeout_ms() const noexcept { return granted_ms_; }

private:
    using clock = std::chrono::steady_clock;

    /// While no handle gets a connection.
    struct outage {
        clock::time_point since{};  ///< Of the handle that there is now.
        std::uint64_t replaced = 0;

        /// Of what happens every few seconds the log has the first, the second, the fourth, the eighth and so on.
        bool is_told() const noexcept { return replaced == 0 || std::has_single_bit(replaced); }
    };

    void open_handle();
    void opened(std::uint64_t generation, std::shared_ptr<handle> made, const result<way>& found);
    void retire_handle();
    void replace_handle();
    void open_later();
    void look_for_servers();
    void found_servers(std::uint64_t generation, const result<server_list>& servers);
    void look_later();
    void on_state(std::uint64_t generation, link_state state);
    void on_connected();
    void on_disconnected();
    void on_expired();
    void on_auth_failed();
    void on_watch(std::uint64_t generation, watch_event::kind what, const std::string& path);
    void tell(session_event::kind what);
    void beat();
    void on_beat();
    void became_overdue();
    void probe();
    bool was_hung_up_on() const noexcept;
    std::optional<std::string> refusal() const;
    std::chrono::milliseconds timeout() const;

    boost::asio::any_io_executor executor_;
    zookeeper_options options_;
    boost::asio::thread_pool worker_{1};
    boost::asio::steady_timer beat_;
    paced_timer reopening_;
    paced_timer looking_;  ///< Whether the servers' names stand for the same still.

    std::shared_ptr<handle> handle_;
    way way_;  ///< As the handle knows it; the relay is kept from one to the next.
    std::uint64_t generation_ = 0;
    session_key key_;
    int granted_ms_ = 0;
    bool connected_ = false;
    bool opening_ = false;
    bool closed_ = false;
    bool overdue_ = false;        ///< Also of a connection on which nothing has been answered for so long.
    clock::time_point answered_;  ///< When the ensemble last answered anything.
    outage tried_;
    std::optional<error> trouble_;
    std::optional<link_state> early_;  ///< Said by a handle that was still being opened.

    listeners listeners_;
};

}  // namespace penholder::zookeeper
