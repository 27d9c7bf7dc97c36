#pragma once

#include "cli/survey/group_state.hpp"

#include <string>
#include <vector>

namespace penholder::cli {

/// One thing that became different in a group.
struct change {
    std::string group;
    std::string what;  ///< leader, vacancy, phase, paused, resumed, joined, left, role, health.
    std::string node;
    std::uint64_t term = 0;
    std::string detail;

    friend bool operator==(const change&, const change&) = default;
};

/// What differs between two looks at the groups. Against an empty `before` it tells the state of things.
std::vector<change> find_changes(const std::vector<group_state>& before, const std::vector<group_state>& after);

}  // namespace penholder::cli
