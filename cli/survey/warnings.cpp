#include "cli/survey/group_state.hpp"
#include "lane/lock_holder.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace penholder::cli {
namespace {

using sentences = std::vector<std::string>;

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& each : names) text += (text.empty() ? "" : ", ") + each;
    return text;
}

using holders_of_values = std::map<std::string, std::vector<std::string>>;

// "orders-1 has 0.1.0; orders-2, orders-3 have 0.2.0", or nothing where all agree.
std::string difference(const holders_of_values& holders) {
    if (holders.size() < 2) return {};
    std::string text;
    for (const auto& [value, nodes] : holders) {
        text += (text.empty() ? "" : "; ") + joined(nodes) + (nodes.size() == 1 ? " has " : " have ") + value;
    }
    return text;
}

// Who has which value of each key, from records that hold "key=value key=value …".
std::map<std::string, holders_of_values> settings_by_key(const group_state& group) {
    std::map<std::string, holders_of_values> keys;
    for (const member_state& each : group.members) {
        std::istringstream settings(each.record.settings);
        for (std::string one; settings >> one;) {
            const auto equals = std::min(one.find('='), one.size());
            keys[one.substr(0, equals)][one.substr(std::min(equals + 1, one.size()))].push_back(each.record.node);
        }
    }
    return keys;
}

void warn_of_differences(const group_state& group, sentences& found) {
    for (const auto& [key, holders] : settings_by_key(group)) {
        if (const auto text = difference(holders); !text.empty()) {
            found.push_back("the members' settings differ in " + key + ": " + text +
                            "; all nodes of a group should have the same");
        }
    }
    holders_of_values versions;
    for (const member_state& each : group.members) {
        if (!each.record.version.empty()) versions[each.record.version].push_back(each.record.node);
    }
    if (const auto text = difference(versions); !text.empty()) {
        found.push_back("the members' versions differ: " + text);
    }
}

void warn_of_vacancy(const group_state& group, sentences& found) {
    if (group.leader) return;
    if (!group.read_in_full) {
        found.push_back("no leader is known here, which may be for want of what could not be read of the ensemble");
        return;
    }
    const bool anybody = std::ranges::any_of(group.members, [](const auto& each) { return each.eligible == true; });
    std::string why = "an election should be under way";
    if (group.paused) {
        why = "the group is paused: penholder resume lets it elect";
    } else if (!anybody) {
        why = "no member is eligible; look at the members' health";
    }
    const std::string last =
        group.last_leader.empty() ? "" : " since " + group.last_leader + " led term " + std::to_string(group.last_term);
    found.push_back("nobody leads" + last + "; " + why);
}

void warn_of_leader(const group_state& group, sentences& found) {
    if (!group.leader) return;
    const leader_state& leader = *group.leader;
    if (leader.phase == leader_phase::fencing) {
        found.push_back(leader.node + " is elected but does not serve yet: it is raising the fence in the database");
    } else if (leader.phase == leader_phase::suspended) {
        found.push_back(leader.node + " goes on serving without the ensemble; nobody else can be elected meanwhile");
    }
    const member_state* itself = group.find(leader.node);
    if (itself != nullptr && itself->reached && itself->role == "leader" && itself->term_seen != leader.term) {
        found.push_back(leader.node + " is not serving term " + std::to_string(leader.term) + " by its own account");
    }
}

void warn_of_stale_members(const group_state& group, sentences& found) {
    for (const member_state& each : group.members) {
        const std::string& node = each.record.node;
        if (each.ensemble_connected == false && each.role != "suspended") {
            found.push_back(node + " has lost the ensemble");
        }
        const bool leads = group.leader && group.leader->node == node;
        if (group.leader && !leads && each.term_seen != 0 && each.term_seen != group.leader->term) {
            found.push_back(node + " still follows term " + std::to_string(each.term_seen));
        }
    }
}

void warn_of_foreign_databases(const group_state& group, sentences& found) {
    if (group.database.empty()) return;
    for (const member_state& each : group.members) {
        const std::string& its = each.record.database;
        if (its.empty() || its == group.database) continue;
        found.push_back(each.record.node + " has database " + its + ", and the group writes to " + group.database +
                        ": it takes no part; correct its connection string, root or group, or see penholder "
                        "adopt-database");
    }
}

// Followers would be linked to any of them.
void warn_of_shared_endpoints(const group_state& group, sentences& found) {
    holders_of_values nodes;
    for (const member_state& each : group.members) nodes[each.record.endpoint].push_back(each.record.node);
    for (const auto& [endpoint, those] : nodes) {
        if (endpoint.empty() || those.size() < 2) continue;
        found.push_back(joined(those) + " advertise one address, " + endpoint +
                        ": followers are linked to any of them; give each node an address of its own, [link] "
                        "advertise, and no balancer's");
    }
}

void warn_of_unreached(const group_state& group, sentences& found) {
    for (const member_state& each : group.members) {
        if (!each.unreached) continue;
        found.push_back("nobody could link to " + each.record.node + " at " + each.record.endpoint +
                        " when it led, so it stands behind all others: see that its [link] advertise names an address "
                        "that the others reach, and that no firewall closes it");
    }
}

void warn_of_succession(const group_state& group, sentences& found) {
    if (group.handover && group.leader && group.handover->from_term.value == group.leader->term) {
        const std::string heir = group.handover->to == "*" ? "the next in succession" : group.handover->to;
        found.push_back("a handover to " + heir + " is under way");
    }
    if (group.paused && group.leader) {
        found.push_back("the group is paused: nobody will be elected when " + group.leader->node + " goes");
    }
    for (const auto& node : group.drained) {
        found.push_back(node + " is drained and leads nothing: penholder undrain " + node + " ends that");
    }
}

}  // namespace

std::string lock_wait_text(const lock_wait& what) {
    return "write " + what.write_id + " " + lane::waiting_for({what.pid, what.application, what.user, what.state});
}

std::vector<std::string> find_warnings(const group_state& group) {
    sentences found;
    warn_of_vacancy(group, found);
    warn_of_leader(group, found);
    warn_of_succession(group, found);
    warn_of_stale_members(group, found);
    warn_of_foreign_databases(group, found);
    warn_of_shared_endpoints(group, found);
    warn_of_unreached(group, found);
    warn_of_differences(group, found);
    return found;
}

}  // namespace penholder::cli
