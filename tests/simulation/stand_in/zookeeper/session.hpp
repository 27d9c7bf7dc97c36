#pragma once

#include "simulation/executor.hpp"
#include "zookeeper/reply.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace penholder::simulation {
class ensemble;
struct moment;
}  // namespace penholder::simulation

namespace penholder::zookeeper {

struct session_event {
    enum class kind : std::uint8_t { connected, suspended, overdue, expired };
    kind what = kind::suspended;
    std::uint64_t generation = 0;
    std::int64_t session_id = 0;
};

struct watch_event {
    enum class kind : std::uint8_t { created, deleted, changed, children };
    kind what = kind::changed;
    std::uint64_t generation = 0;
    std::string path;
};

struct listener {
    std::string prefix;
    std::function<void(const session_event&)> on_session;
    std::function<void(const watch_event&)> on_watch;
};

/// In the place of the real session: one process's connection to the simulated ensemble. Requests and replies take
/// time and stay in order; what is under way when the connection goes is lost, carried out or not. A session lives on
/// in the ensemble for its time-out after it was last heard.
class session : public std::enable_shared_from_this<session> {
public:
    explicit session(simulation::whereabouts where);
    ~session();

    boost::asio::any_io_executor get_executor() const { return simulation::executor(where_); }
    void open();
    void close(std::function<void()> done);
    std::uint64_t subscribe(listener who);
    void unsubscribe(std::uint64_t subscription) { listeners_.erase(subscription); }
    bool connected() const noexcept { return connected_; }
    std::int64_t id() const noexcept { return id_; }
    std::uint64_t generation() const noexcept { return generation_; }

    void get(std::string path, bool watch, std::function<void(reply<znode>)> done);
    void create(std::string path, std::string data, create_mode mode, std::function<void(reply<std::string>)> done);
    void set(std::string path, std::string data, std::int32_t version, std::function<void(reply<stat>)> done);
    void remove(std::string path, std::int32_t version, std::function<void(reply<>)> done);
    void transact(std::vector<operation> steps, std::function<void(reply<>)> done);
    void create_parents(std::vector<std::string> paths, std::function<void(reply<>)> done);

    /// A request of any kind: `perform` runs where the ensemble is and answers what is to run when the reply arrives;
    /// `lose` runs here when there will be no reply.
    using perform = std::function<std::function<void()>()>;
    void request(perform what, std::function<void()> lose);
    /// What the server that this session is connected to shows.
    const simulation::moment& group_snapshot();
    void leave_watch(const std::string& path, std::int64_t since);

    // The world's doing.
    void cut();
    void mend();
    void process_paused() { went_quiet(); }
    void process_resumed();
    void process_gone() { went_quiet(); }
    void end_by_ensemble();
    bool is_cut() const noexcept { return cut_; }

private:
    using told = std::function<void()>;

    simulation::ensemble& at() const;
    void change(std::vector<operation> steps, std::function<void(reply<std::vector<std::string>>)> done);
    void connect_soon();
    void connect();
    void came_up();
    void went_down();
    void went_quiet();
    void expire();
    void fire(std::uint64_t generation, const std::string& where);
    void deliver(simulation::duration lag, std::function<void()> what);
    void tell(session_event::kind what, std::uint64_t generation);

    simulation::whereabouts where_;
    std::map<std::uint64_t, listener> listeners_;
    std::uint64_t subscriptions_ = 0;
    std::int64_t id_ = 0;
    std::uint64_t generation_ = 0;
    bool open_ = false;
    bool connected_ = false;
    bool connecting_ = false;
    bool cut_ = false;
    std::uint64_t connection_ = 0;  ///< Grows with each that is made or lost.
    std::uint64_t quiet_ = 0;       ///< Grows whenever the ensemble hears of the session again.
    std::int64_t seen_ = 0;         ///< The newest transaction that a reply showed.
    bool writes_ = false;           ///< The request that is carried out is a write: its reply waits for the server.
    simulation::duration lag_{};
    simulation::time_point last_sent_{};
    simulation::time_point last_delivered_{};
    std::uint64_t requests_ = 0;
    std::map<std::uint64_t, std::function<void()>> pending_;
};

}  // namespace penholder::zookeeper
