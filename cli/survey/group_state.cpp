#include "cli/survey/group_state.hpp"

#include "cli/nodes/node_url.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace penholder::cli {
namespace {

// What one node says of one group.
struct group_report {
    const node_status* node = nullptr;
    const group_status* group = nullptr;
};

std::vector<group_report> reports_about(const survey& from, const std::string& group) {
    std::vector<group_report> found;
    for (const node_report& each : from.nodes) {
        if (!each.status) continue;
        const auto at = std::ranges::find(each.status->groups, group, [](const auto& g) { return g.now.group; });
        if (at != each.status->groups.end()) found.push_back({&*each.status, &*at});
    }
    return found;
}

const group_report* report_of(const std::vector<group_report>& all, const std::string& node) {
    const auto found = std::ranges::find(all, node, [](const group_report& each) { return each.node->node; });
    return found == all.end() ? nullptr : &*found;
}

std::string role_text(role what) {
    switch (what) {
        case role::serving: return "leader";
        case role::fencing: return "fencing";
        case role::suspended: return "suspended";
        case role::follower: return "follower";
        case role::observer: return "observer";
        case role::offline: break;
    }
    return "offline";
}

// Why a member that the ensemble lists did not answer for itself.
std::string silence(const survey& from, const member& record) {
    if (record.http_endpoint.empty()) return "no http";
    const auto where = parse_node_url(record.http_endpoint);
    const node_report* report = where ? from.report_from(url_text(*where)) : nullptr;
    if (report == nullptr) return "not asked";
    if (report->status) return "another node, " + report->status->node + ", answers at its address";
    return report->why.code == errc::link_lost ? "unreachable" : report->why.message;
}

void add_report(member_state& one, const group_report& report) {
    one.reached = true;
    one.health = report.group->trouble.empty() ? "ok" : report.group->trouble;
    one.eligible = report.group->eligible;
    one.queued_writes = report.group->queued_writes;
    one.pending_writes = report.group->pending_writes;
    one.queue_wait_ms = report.group->queue_wait_ms;
    one.counters = report.group->counters;
    one.last_contact_ms = report.group->last_contact_ms;
    one.term_seen = report.group->now.term;
    one.ensemble_connected = report.node->ensemble_connected;
}

/// A group without a database has no links.
void note_link(const group_state& group, member_state& one, const group_report* report) {
    const bool follows = group.leader && group.leader->node != one.record.node;
    if (report == nullptr || !follows || one.record.database.empty() || report->group->link_connected) return;
    one.is_unlinked = true;
    one.health = "cannot link to " + group.leader->node + (one.is_well() ? "" : ": " + one.health);
}

void note_lock_waits(group_state& group, const std::vector<group_report>& reports) {
    if (!group.leader) return;
    if (const auto* leader = report_of(reports, group.leader->node)) group.lock_waits = leader->group->lock_waits;
}

member record_of(const group_report& report) {
    const node_status& node = *report.node;
    return {node.node, node.incarnation, node.endpoint, "", "", node.version, node.started_at, ""};
}

// The members that the nodes know of, where the ensemble could not be asked.
std::vector<member> members_reported(const std::vector<group_report>& all) {
    std::map<std::string, member> known;
    for (const group_report& each : all) {
        for (const member& record : each.group->members) known.emplace(record.node, record);
    }
    for (const group_report& each : all) known.emplace(each.node->node, record_of(each));
    std::vector<member> records;
    for (auto& [name, record] : known) records.push_back(std::move(record));
    return records;
}

member_state make_member(const survey& from, const member& record, const group_report* report) {
    member_state one;
    one.record = record;
    if (report != nullptr) {
        add_report(one, *report);
    } else {
        one.health = silence(from, record);
    }
    return one;
}

leader_phase phase_of(const zookeeper::group_view& view, const group_report* leader) {
    if (view.leader->phase == election::phase::fencing) return leader_phase::fencing;
    const bool suspended = leader != nullptr && leader->group->now.role == role::suspended;
    return suspended ? leader_phase::suspended : leader_phase::serving;
}

std::string role_in(const zookeeper::group_view& view, const group_state& group, const member& record) {
    if (group.leader && group.leader->node == record.node) {
        return group.leader->phase == leader_phase::serving ? "leader" : std::string(to_string(group.leader->phase));
    }
    if (record.role_wanted == "observer") return "observer";
    const bool stands =
        std::ranges::find(view.candidates, record.node, &zookeeper::candidate_view::node) != view.candidates.end();
    return stands ? "follower" : "joining";
}

group_state from_ensemble(const survey& from, const zookeeper::group_view& view) {
    const auto reports = reports_about(from, view.group);
    group_state group;
    group.group = view.group;
    group.read_in_full = view.warnings.empty();
    group.paused = view.control.paused;
    group.handover = view.control.handover;
    group.drained = view.control.drained;
    group.database = view.database();
    group.last_raise = view.last_raise();
    group.terms = view.terms;
    if (!view.terms.empty()) {
        group.last_term = view.terms.back().number;
        group.last_leader = view.terms.back().node;
    }
    if (view.leader) {
        const auto& record = *view.leader;
        group.leader = {record.node, record.endpoint, record.term.value,
                        phase_of(view, report_of(reports, record.node)), record.since};
        group.last_term = std::max(group.last_term, record.term.value);
    }
    for (const member& record : view.members) {
        member_state one = make_member(from, record, report_of(reports, record.node));
        one.role = role_in(view, group, record);
        note_link(group, one, report_of(reports, record.node));
        const auto stands = std::ranges::find(view.candidates, record.node, &zookeeper::candidate_view::node);
        if (stands != view.candidates.end()) {
            one.priority = stands->priority;
            one.eligible = stands->eligible;
            one.unreached = stands->unreached;
        }
        group.members.push_back(std::move(one));
    }
    note_lock_waits(group, reports);
    for (const error& each : view.warnings) group.warnings.push_back(each.message);
    return group;
}

// Of several that believe to lead, the one with the newest term does: the fence has refused the others.
std::optional<leader_state> leader_reported(const std::vector<group_report>& all) {
    std::optional<leader_state> newest;
    for (const group_report& each : all) {
        const leadership& now = each.group->now;
        const bool leads = now.is_leader() || now.role == role::fencing;
        if (!leads || (newest && newest->term >= now.term)) continue;
        const auto phase = now.role == role::suspended ? leader_phase::suspended
                           : now.role == role::fencing ? leader_phase::fencing
                                                       : leader_phase::serving;
        newest = {each.node->node, each.node->endpoint, now.term, phase, each.group->leader_since};
    }
    if (newest) return newest;
    for (const group_report& each : all) {
        const leadership& now = each.group->now;
        if (now.leader.empty() || (newest && newest->term >= now.term)) continue;
        const auto phase = now.leader_serving ? leader_phase::serving : leader_phase::fencing;
        newest = {now.leader, now.endpoint, now.term, phase, each.group->leader_since};
    }
    return newest;
}

group_state from_nodes(const survey& from, const std::string& name) {
    const auto reports = reports_about(from, name);
    group_state group;
    group.group = name;
    group.leader = leader_reported(reports);
    group.paused = std::ranges::any_of(reports, [](const group_report& each) { return each.group->paused; });
    for (const group_report& each : reports) group.last_term = std::max(group.last_term, each.group->now.term);
    for (const member& record : members_reported(reports)) {
        const group_report* own = report_of(reports, record.node);
        member_state one = make_member(from, record, own);
        const bool leads = group.leader && group.leader->node == record.node;
        one.role = own != nullptr ? role_text(own->group->now.role) : leads ? "leader" : "unknown";
        note_link(group, one, own);
        group.members.push_back(std::move(one));
    }
    note_lock_waits(group, reports);
    return group;
}

std::set<std::string> groups_reported(const survey& from) {
    std::set<std::string> names;
    for (const node_report& each : from.nodes) {
        if (!each.status) continue;
        for (const group_status& group : each.status->groups) names.insert(group.now.group);
    }
    return names;
}

}  // namespace

std::string_view to_string(leader_phase what) noexcept {
    switch (what) {
        case leader_phase::fencing: return "fencing";
        case leader_phase::suspended: return "suspended";
        case leader_phase::serving: break;
    }
    return "serving";
}

const member_state* group_state::find(const std::string& node) const noexcept {
    const auto found = std::ranges::find(members, node, [](const member_state& each) { return each.record.node; });
    return found == members.end() ? nullptr : &*found;
}

std::vector<group_state> conclude(const survey& from, const std::string& group) {
    std::vector<group_state> states;
    if (from.ensemble_reached()) {
        for (const auto& view : from.groups) states.push_back(from_ensemble(from, view));
    } else {
        for (const auto& name : groups_reported(from)) states.push_back(from_nodes(from, name));
    }
    std::erase_if(states, [&](const group_state& each) { return !group.empty() && each.group != group; });
    std::ranges::sort(states, {}, &group_state::group);
    for (group_state& each : states) {
        const auto more = find_warnings(each);
        each.warnings.insert(each.warnings.end(), more.begin(), more.end());
    }
    return states;
}

}  // namespace penholder::cli
