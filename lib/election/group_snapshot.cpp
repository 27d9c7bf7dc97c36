#include "group_snapshot.hpp"

#include "paths.hpp"

#include <algorithm>
#include <iterator>

namespace penholder::election {

void group_snapshot::take_in(const group_snapshot& newer) {
    if (newer.scope == scope::full) {
        *this = newer;
        return;
    }
    group_exists = newer.group_exists;
    leader = newer.leader;
    control = newer.control;
    control_version = newer.control_version;
}

const leader_record* group_snapshot::leader_shown() const noexcept {
    return leader && leader->record ? &*leader->record : nullptr;
}

bool group_snapshot::leader_owned_by(std::int64_t session) const noexcept {
    return leader && leader->owner == session;
}

term group_snapshot::last_term() const noexcept {
    return terms.empty() ? term{} : term{terms.back().number};
}

term group_snapshot::newest_term() const noexcept {
    const auto* shown = leader_shown();
    return shown == nullptr ? last_term() : std::max(last_term(), shown->term);
}

std::vector<candidate_seen> group_snapshot::candidates_of(std::int64_t session) const {
    std::vector<candidate_seen> own;
    const auto prefix = candidate_prefix(session);
    std::ranges::copy_if(candidates, std::back_inserter(own),
                         [&](const candidate_seen& each) { return each.znode.starts_with(prefix); });
    return own;
}

std::vector<contender> group_snapshot::contenders(std::string_view without) const {
    std::vector<contender> all;
    for (const auto& each : candidates) {
        const auto name = parse_candidate_name(each.znode);
        if (!name || (!without.empty() && each.record.node == without)) continue;
        all.push_back({each.znode, each.record.node, each.record.priority, name->sequence, each.record.eligible});
    }
    return all;
}

std::string group_snapshot::handover_target() const {
    const auto& request = control.handover;
    return request && request->to != next_in_succession && request->from_term >= newest_term() ? request->to
                                                                                               : std::string();
}

bool group_snapshot::leader_agreed_to(std::string_view node) const noexcept {
    const auto* shown = leader_shown();
    const auto& request = control.handover;
    if (shown == nullptr || !request || request->to != node || request->from_term != shown->term) return false;
    return request->from_term >= last_term() && request->agreed;
}

bool group_snapshot::leader_is(const process_death& of) const noexcept {
    const auto* shown = leader_shown();
    if (shown == nullptr) return false;
    return shown->term == of.term && shown->node == of.node && shown->incarnation == of.incarnation;
}

std::string group_snapshot::next_term_begins_by() const {
    if (terms.empty()) return "election";
    const auto& left = control.handover;
    if (!left || left->from_term != last_term()) return "takeover";
    return left->to.empty() ? "election" : "handover";
}

bool group_snapshot::last_leader_was_evicted_by_operator() const noexcept {
    return !terms.empty() && control.evicted_term == last_term();
}

}  // namespace penholder::election
