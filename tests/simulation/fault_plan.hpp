#pragma once

#include "random.hpp"
#include "timeline.hpp"
#include "write_mode.hpp"

#include <array>
#include <cstdint>

namespace penholder::simulation {

/// What can go wrong.
enum class fault : std::uint8_t {
    kill,            ///< A node's process is gone, and starts again after a while.
    stop,            ///< A node stops in order, and starts again.
    pause,           ///< A process does not run for a while.
    ensemble_cut,    ///< One node and the ensemble do not reach each other.
    ensemble_down,   ///< Nobody reaches the ensemble.
    ensemble_wiped,  ///< All znodes are gone.
    session_ended,   ///< The ensemble ends a session whose node believes that all is well.
    link_reset,      ///< The links of one node are reset.
    link_cut,        ///< One node's messages do not reach another.
    database_cut,    ///< One node and the database do not reach each other.
    backends_ended,  ///< The database's connections of one node are ended.
    database_restarted,
    database_promoted,  ///< To a server that has lost the last commits.
    resign,
    handover,
    group_paused,   ///< Operators want nobody to be elected for a while.
    znode_removed,  ///< Somebody removes a znode by hand.
    death_feigned,  ///< A node's links are reset and its address refuses others for a while, though it lives.
    catalogue_changed,
    database_reset,    ///< One node's database connections are reset, and the server does not notice.
    database_foreign,  ///< A node starts with another database than the group's, for a while.
    znode_orphaned,    ///< Somebody makes a znode anew by hand, so that no session owns it.
    drain,             ///< Operators want a node to lead nothing for a while.
    retire,            ///< A node gives its leadership away, and stops when its application is quiet.
    ensemble_other,    ///< A node starts with another ensemble than the others have, for a while.
};
inline constexpr std::size_t fault_kinds = static_cast<std::size_t>(fault::ensemble_other) + 1;

/// How one schedule's world behaves, drawn from its seed: some faults often, some rarely, some never.
struct fault_plan {
    explicit fault_plan(random_numbers& chance);

    fault next_fault(random_numbers& chance) const;
    bool happens(fault what) const { return weights.at(static_cast<std::size_t>(what)) > 0; }
    write_mode next_mode(random_numbers& chance) const;

    /// No faults but what one write may do: all others must go on.
    bool quiet = false;

    std::array<int, fault_kinds> weights{};
    int weight_sum = 0;

    int nodes = 3;
    int writes = 0;
    std::array<int, write_modes> modes{};  ///< How often writes are of each, beside the good ones.
    int modes_sum = 0;
    bool evil = true;  ///< Until all is mended: some writes take long, or for ever.
    duration storm{};  ///< How long faults go on.
    duration between_faults{};

    std::chrono::microseconds link_latency{};      ///< At most.
    std::chrono::microseconds ensemble_latency{};  ///< At most.
    std::chrono::microseconds database_latency{};  ///< At most.
    std::chrono::microseconds ensemble_lag{};      ///< How far its servers may lag behind, at most.

    // Chances in a thousand.
    int pause_at_a_step = 0;
    int reply_lost = 0;  ///< The ensemble's, after the request was carried out.
    int commit_reply_lost = 0;
    int commit_slow = 0;
    int commit_fails = 0;
    int errand_lost = 0;  ///< Nobody ends a backend that is to be ended.
    int conflict = 0;     ///< A statement clashes with a writer from outside.
    int statement_slow = 0;
    int request_slow = 0;    ///< It takes its time to the ensemble.
    int read_torn = 0;       ///< A full read shows different moments.
    int leader_removed = 0;  ///< Somebody removes `leader` just after an election.
    int late_callback = 0;   ///< An old handle of the ensemble's client still speaks.

    std::size_t batch_max = 0;
    std::size_t sessions_max = 1;
    std::size_t queue_max = 0;
    std::size_t pending_max = 0;
    std::size_t window = 0;
    int session_timeout_ms = 0;
    std::int32_t first_sequence = 0;
    bool process_deaths = true;  ///< Else only the ensemble ends sessions.
    std::size_t most_evictions = 1;
    int priorities = 1;   ///< How many different ones nodes may have.
    int unreachable = 0;  ///< The place to which nobody can ever link; 0: all can be linked to.

private:
    void calm();
};

/// A receipt may hold so many bytes of rows.
inline constexpr std::size_t receipt_bytes_max = 2000;

}  // namespace penholder::simulation
