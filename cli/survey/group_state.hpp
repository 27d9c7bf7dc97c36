#pragma once

#include "cli/survey/survey.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::cli {

/// Elected, fencing and serving are three states; suspended is a leader that goes on without the ensemble.
enum class leader_phase : std::uint8_t { fencing, serving, suspended };

std::string_view to_string(leader_phase what) noexcept;

struct leader_state {
    std::string node;
    std::string endpoint;
    std::uint64_t term = 0;
    leader_phase phase = leader_phase::fencing;
    std::string since;  ///< ISO 8601, UTC; empty when unknown.
};

/// A member of a group: what the ensemble says of it, and what it says itself where it could be asked.
struct member_state {
    member record;
    std::string role;    ///< leader, fencing, suspended, follower, observer, offline, joining, unknown.
    std::string health;  ///< ok, unreachable, no http, or the trouble in the node's own words.
    bool reached = false;
    std::optional<bool> eligible;
    std::optional<int> priority;
    bool unreached = false;  ///< Nobody could link to it when it led last; it stands behind all others for a while.
    std::optional<std::size_t> queued_writes;
    std::optional<std::size_t> pending_writes;
    std::optional<std::int64_t> queue_wait_ms;
    std::optional<std::int64_t> last_contact_ms;
    std::optional<write_counters> counters;
    std::uint64_t term_seen = 0;  ///< The term that this node believes in; 0 when not asked.
    std::optional<bool> ensemble_connected;

    /// It follows, and no leader lets it in: what it writes waits, and if it led nobody could follow it. Not known
    /// where it could not be asked.
    bool is_unlinked = false;

    bool is_well() const noexcept { return health == "ok"; }
};

/// One group, concluded from all that could be found out.
struct group_state {
    std::string group;
    bool read_in_full = false;  ///< The ensemble's word, of which nothing was unreadable; else a leader may be missed.
    std::optional<leader_state> leader;
    std::uint64_t last_term = 0;  ///< The newest that is known, also when nobody leads.
    std::string last_leader;
    std::string database;    ///< Which one it writes to, as members name theirs; empty when unknown.
    fence_raise last_raise;  ///< Of its fence there, as far as the ensemble knows.
    bool paused = false;
    std::optional<election::handover_request> handover;
    std::vector<std::string> drained;  ///< Nodes, as only the ensemble tells.
    std::vector<member_state> members;
    std::vector<term_record> terms;
    std::vector<lock_wait> lock_waits;  ///< Of writes at the leader, where it could be asked.
    std::vector<std::string> warnings;

    const member_state* find(const std::string& node) const noexcept;
};

/// The groups of a survey, by name; only `group` where it is not empty. The ensemble's word goes before the nodes'.
std::vector<group_state> conclude(const survey& from, const std::string& group);

/// "write order-42 waits for a lock held by pid 4711, application 'psql', user 'alice', idle in transaction".
std::string lock_wait_text(const lock_wait& what);

/// Sentences about what deserves a look in a group.
std::vector<std::string> find_warnings(const group_state& group);

}  // namespace penholder::cli
