#include "cli/survey/picture.hpp"

#include "cli/nodes/node_url.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace penholder::cli {
namespace {

// What one node says of one group.
struct testimony {
    const node_status* node = nullptr;
    const group_status* group = nullptr;
};

std::vector<testimony> testimonies(const survey& from, const std::string& group) {
    std::vector<testimony> found;
    for (const node_report& each : from.nodes) {
        if (!each.status) continue;
        const auto at = std::ranges::find(each.status->groups, group, [](const auto& g) { return g.now.group; });
        if (at != each.status->groups.end()) found.push_back({&*each.status, &*at});
    }
    return found;
}

const testimony* testimony_of(const std::vector<testimony>& all, const std::string& node) {
    const auto found = std::ranges::find(all, node, [](const testimony& each) { return each.node->node; });
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

void add_testimony(member_picture& one, const testimony& said) {
    one.reached = true;
    one.health = said.group->trouble.empty() ? "ok" : said.group->trouble;
    one.eligible = said.group->eligible;
    one.queued_writes = said.group->queued_writes;
    one.pending_writes = said.group->pending_writes;
    one.queue_wait_ms = said.group->queue_wait_ms;
    one.counters = said.group->counters;
    one.last_contact_ms = said.group->last_contact_ms;
    one.term_seen = said.group->now.term;
    one.ensemble_connected = said.node->ensemble_connected;
    one.session_timeout_ms = said.node->session_timeout_ms;
}

member record_of(const testimony& said) {
    const node_status& node = *said.node;
    return {node.node, node.incarnation, node.endpoint, "", "", node.version, node.started_at, ""};
}

// The members that the nodes know of, where the ensemble could not be asked.
std::vector<member> members_told(const std::vector<testimony>& all) {
    std::map<std::string, member> known;
    for (const testimony& each : all) {
        for (const member& record : each.group->members) known.emplace(record.node, record);
    }
    for (const testimony& each : all) known.emplace(each.node->node, record_of(each));
    std::vector<member> records;
    for (auto& [name, record] : known) records.push_back(std::move(record));
    return records;
}

member_picture make_member(const survey& from, const member& record, const testimony* said) {
    member_picture one;
    one.record = record;
    if (said != nullptr) {
        add_testimony(one, *said);
    } else {
        one.health = silence(from, record);
    }
    return one;
}

leader_phase phase_of(const zookeeper::group_view& view, const testimony* leader) {
    if (view.leader->phase == election::phase::fencing) return leader_phase::fencing;
    const bool suspended = leader != nullptr && leader->group->now.role == role::suspended;
    return suspended ? leader_phase::suspended : leader_phase::serving;
}

std::string role_in(const zookeeper::group_view& view, const group_picture& group, const member& record) {
    if (group.leader && group.leader->node == record.node) {
        return group.leader->phase == leader_phase::serving ? "leader" : std::string(to_string(group.leader->phase));
    }
    if (record.role_wanted == "observer") return "observer";
    const bool stands =
        std::ranges::find(view.candidates, record.node, &zookeeper::candidate_view::node) != view.candidates.end();
    return stands ? "follower" : "joining";
}

group_picture from_ensemble(const survey& from, const zookeeper::group_view& view) {
    const auto said = testimonies(from, view.group);
    group_picture group;
    group.group = view.group;
    group.paused = view.control.paused;
    group.handover = view.control.handover;
    group.terms = view.terms;
    if (!view.terms.empty()) {
        group.last_term = view.terms.back().number;
        group.last_leader = view.terms.back().node;
    }
    if (view.leader) {
        const auto& record = *view.leader;
        group.leader = {record.node, record.endpoint, record.term.value,
                        phase_of(view, testimony_of(said, record.node)), record.since};
        group.last_term = std::max(group.last_term, record.term.value);
    }
    for (const member& record : view.members) {
        member_picture one = make_member(from, record, testimony_of(said, record.node));
        one.role = role_in(view, group, record);
        const auto stands = std::ranges::find(view.candidates, record.node, &zookeeper::candidate_view::node);
        if (stands != view.candidates.end()) {
            one.priority = stands->priority;
            one.eligible = stands->eligible;
        }
        group.members.push_back(std::move(one));
    }
    for (const error& each : view.warnings) group.warnings.push_back(each.message);
    return group;
}

// Of several that believe to lead, the one with the newest term does: the fence has refused the others.
std::optional<leader_picture> leader_told(const std::vector<testimony>& all) {
    std::optional<leader_picture> newest;
    for (const testimony& each : all) {
        const leadership& now = each.group->now;
        const bool leads = now.is_leader() || now.role == role::fencing;
        if (!leads || (newest && newest->term >= now.term)) continue;
        const auto phase = now.role == role::suspended ? leader_phase::suspended
                           : now.role == role::fencing ? leader_phase::fencing
                                                       : leader_phase::serving;
        newest = {each.node->node, each.node->endpoint, now.term, phase, each.group->leader_since};
    }
    if (newest) return newest;
    for (const testimony& each : all) {
        const leadership& now = each.group->now;
        if (now.leader.empty() || (newest && newest->term >= now.term)) continue;
        const auto phase = now.leader_serving ? leader_phase::serving : leader_phase::fencing;
        newest = {now.leader, now.endpoint, now.term, phase, each.group->leader_since};
    }
    return newest;
}

group_picture from_nodes(const survey& from, const std::string& name) {
    const auto said = testimonies(from, name);
    group_picture group;
    group.group = name;
    group.leader = leader_told(said);
    group.paused = std::ranges::any_of(said, [](const testimony& each) { return each.group->paused; });
    for (const testimony& each : said) group.last_term = std::max(group.last_term, each.group->now.term);
    for (const member& record : members_told(said)) {
        const testimony* own = testimony_of(said, record.node);
        member_picture one = make_member(from, record, own);
        const bool leads = group.leader && group.leader->node == record.node;
        one.role = own != nullptr ? role_text(own->group->now.role) : leads ? "leader" : "unknown";
        group.members.push_back(std::move(one));
    }
    return group;
}

std::set<std::string> groups_told(const survey& from) {
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

const member_picture* group_picture::find(const std::string& node) const noexcept {
    const auto found = std::ranges::find(members, node, [](const member_picture& each) { return each.record.node; });
    return found == members.end() ? nullptr : &*found;
}

std::vector<group_picture> conclude(const survey& from, const std::string& group) {
    std::vector<group_picture> pictures;
    if (from.ensemble_reached()) {
        for (const auto& view : from.groups) pictures.push_back(from_ensemble(from, view));
    } else {
        for (const auto& name : groups_told(from)) pictures.push_back(from_nodes(from, name));
    }
    std::erase_if(pictures, [&](const group_picture& each) { return !group.empty() && each.group != group; });
    std::ranges::sort(pictures, {}, &group_picture::group);
    for (group_picture& each : pictures) {
        const auto more = find_warnings(each);
        each.warnings.insert(each.warnings.end(), more.begin(), more.end());
    }
    return pictures;
}

}  // namespace penholder::cli
