#pragma once

#include "answer.hpp"
#include "database_monitor.hpp"
#include "election_driver.hpp"
#include "group/change_timeline.hpp"
#include "leader_term.hpp"
#include "node_context.hpp"
#include "write_path.hpp"

#include <penholder/completion.hpp>
#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder {

namespace zookeeper {
class session;
}

/// One group at one node: its election_driver in the election, its leader_term when it leads, its database_monitor with
/// the database, and the path of its writes, told of each other's news. Owned by the node's core; runs on the node's
/// strand.
class group : public std::enable_shared_from_this<group> {
public:
    /// Session and workers must outlive the group.
    group(node_context context, group_options settings, zookeeper::session& session, postgres::workers& threads);

    void start();

    /// Takes no new writes, gives up leadership, answers what is left, and then calls `done`.
    void stop(std::function<void()> done);
    void close();

    void submit(write what, completion<receipt> done) { path_->submit(std::move(what), std::move(done)); }
    void find(const std::string& write_id, answer<std::optional<receipt>> done) {
        path_->find(write_id, std::move(done));
    }
    /// Not between its election and serving: followers that come early wait for their welcome until the fence is
    /// raised.
    bool accepts_links() const noexcept { return now_.role != role::fencing; }
    /// What a follower asks of this node as the leader.
    void serve(wire::request_body asked, tcp::responder respond) { path_->serve(std::move(asked), std::move(respond)); }

    void handover(const std::string& heir, std::chrono::milliseconds within, answer<leadership> done);
    void resign(std::chrono::milliseconds within, answer<leadership> done);
    void pause(bool paused, answer<> done);
    void history(answer<std::vector<term_record>> done);

    /// `links`: how many followers are connected to this node for this group.
    group_status status(std::size_t links) const;

private:
    election_driver_options candidacy() const;
    election_driver_handlers listen_to_election_driver();
    leader_term_handlers listen_to_leader_term();
    database_monitor_handlers listen_to_database_monitor();
    path_handlers listen_to_path();

    void elected(std::uint64_t term);
    void drain(std::uint64_t term, std::function<void()> drained);
    void leadership_changed(const leadership& now);
    void hinted(const leader_hint& hint);
    void leader_died(const election::process_death& of);
    void tell_timeline(std::optional<change_timeline::time_point> first_write);
    void step_down();
    std::string trouble() const;

    node_context context_;
    group_options settings_;
    zookeeper::session& session_;
    std::shared_ptr<postgres::database> database_;  ///< None where the group is an election only.
    std::shared_ptr<leader_term> leader_term_;
    std::shared_ptr<database_monitor> database_monitor_;
    std::shared_ptr<write_path> path_;
    std::unique_ptr<election_driver> election_driver_;
    leadership now_;
    std::uint64_t leader_changes_ = 0;
    std::uint64_t process_deaths_ = 0;
    election::process_death last_death_;
    change_timeline timeline_;
    std::uint64_t batches_before_ = 0;  ///< Of earlier lanes.
};

}  // namespace penholder
