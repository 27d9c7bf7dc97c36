#pragma once

#include "cli/document.hpp"
#include "cli/survey/change.hpp"
#include "cli/survey/group_state.hpp"

#include <chrono>
#include <vector>

namespace penholder::cli {

using wall_time = std::chrono::system_clock::time_point;

/// The state of groups at a glance: a heading line for each group and a row for each member.
document describe_status(const survey& seen, const std::vector<group_state>& groups, wall_time now);

document describe_leaders(const std::vector<group_state>& groups, wall_time now);
document describe_members(const std::vector<group_state>& groups);

/// The terms that the ensemble remembers, newest first, with how long each lasted.
document describe_history(const std::vector<group_state>& groups, wall_time now);

document describe_change(const change& what, wall_time when);

/// A group's leader as JSON; null where there is none.
boost::json::value leader_value(const group_state& group, wall_time now);

}  // namespace penholder::cli
