#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace penholder {

/// What a node is in one group at this moment. Elected, fencing and serving are three states: only `serving` applies
/// writes.
enum class role {
    offline,    ///< No session with the ensemble yet, or it was lost or is overdue; one with a link forwards all the
                ///< same.
    observer,   ///< Forwards, never leads.
    follower,   ///< A candidate that another node leads.
    suspended,  ///< Was leader; the connection to the ensemble is down or says nothing, the fence still holds. It goes
                ///< on applying writes.
    fencing,    ///< Elected; raising the fence in the database.
    serving,    ///< Leader; applies writes.
};

std::string_view to_string(role what) noexcept;

/// Who leads a group, as one node sees it.
struct leadership {
    std::string group;
    penholder::role role = role::offline;
    std::uint64_t term = 0;       ///< The leader's term; 0 when no leader is known.
    std::string leader;           ///< The leader's node name; empty when none is known.
    std::string endpoint;         ///< Where the leader accepts links, host:port.
    bool leader_serving = false;  ///< False while the leader is still fencing.

    bool is_leader() const noexcept { return role == role::serving || role == role::suspended; }
    friend bool operator==(const leadership&, const leadership&) = default;
};

}  // namespace penholder
