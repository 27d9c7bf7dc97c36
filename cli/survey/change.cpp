#include "cli/survey/change.hpp"

#include <algorithm>

namespace penholder::cli {
namespace {

using changes = std::vector<change>;

void compare_leaders(const group_state& before, const group_state& after, changes& found) {
    if (!after.leader) {
        if (before.leader || before.group.empty()) {
            found.push_back({after.group, "vacancy", "", after.last_term, "nobody leads"});
        }
        return;
    }
    const leader_state& leader = *after.leader;
    const std::string phase(to_string(leader.phase));
    if (!before.leader || before.leader->term != leader.term || before.leader->node != leader.node) {
        found.push_back({after.group, "leader", leader.node, leader.term, phase});
    } else if (before.leader->phase != leader.phase) {
        found.push_back({after.group, "phase", leader.node, leader.term, phase});
    }
}

void compare_pauses(const group_state& before, const group_state& after, changes& found) {
    if (before.paused == after.paused) return;
    found.push_back({after.group, after.paused ? "paused" : "resumed", "", after.last_term, ""});
}

void compare_member(const std::string& group, const member_state& before, const member_state& after, changes& found) {
    const std::string& node = after.record.node;
    if (before.role != after.role) found.push_back({group, "role", node, after.term_seen, after.role});
    if (before.health != after.health) found.push_back({group, "health", node, after.term_seen, after.health});
}

void compare_members(const group_state& before, const group_state& after, changes& found) {
    for (const member_state& each : before.members) {
        if (after.find(each.record.node) == nullptr) {
            found.push_back({after.group, "left", each.record.node, after.last_term, ""});
        }
    }
    for (const member_state& each : after.members) {
        const member_state* known = before.find(each.record.node);
        if (known == nullptr) {
            found.push_back({after.group, "joined", each.record.node, after.last_term, each.role});
        } else {
            compare_member(after.group, *known, each, found);
        }
    }
}

}  // namespace

std::vector<change> find_changes(const std::vector<group_state>& before, const std::vector<group_state>& after) {
    changes found;
    const group_state unknown;
    for (const group_state& each : after) {
        const auto known = std::ranges::find(before, each.group, &group_state::group);
        const group_state& earlier = known == before.end() ? unknown : *known;
        compare_leaders(earlier, each, found);
        compare_pauses(earlier, each, found);
        compare_members(earlier, each, found);
    }
    return found;
}

}  // namespace penholder::cli
