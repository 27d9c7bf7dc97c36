#pragma once

#include "group_snapshot.hpp"
#include "own_leadership.hpp"
#include "step.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace penholder::election {

/// What a handover depends on besides the group and the leader's own state.
struct handover_situation {
    std::string_view group;
    std::string_view node;  ///< The leader's.
    bool stopping = false;
    bool retiring = false;  ///< It goes on leading where nobody else can.
    bool full_read_stands = false;
    std::chrono::milliseconds heir_within{0};
};

/// What a leader that serves, and does not drain, does next about handing over. It names its heir and goes on leading
/// until that takes over, which it does without a moment between. A request that is over, or was for another term, is
/// cleared from `control`. One that nobody reaches names an heir only where that may be reached.
any_step next_handover_step(const group_snapshot& seen, const own_state::serving& own, const handover_situation& in);

/// The node that takes over from `leader` where `wanted`, a node or `next_in_succession`, is asked for; empty where it,
/// or anybody else, cannot lead, or nobody is wanted. `timed_out` is a node that did not take over when it could.
std::string choose_heir(const group_snapshot& seen, std::string_view wanted, std::string_view leader,
                        std::string_view timed_out);

}  // namespace penholder::election
