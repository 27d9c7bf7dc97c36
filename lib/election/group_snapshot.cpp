#include "group_snapshot.hpp"

#include "paths.hpp"

#include <algorithm>
#include <iterator>

namespace penholder::election {

bool is_owned(std::int64_t owner) noexcept {
    return owner != 0;
}

bool is_owned_candidate(std::string_view znode, std::int64_t owner) noexcept {
    const auto name = parse_candidate_name(znode);
    return is_owned(owner) && (!name || name->session == owner);
}

error to_error(const ownerless_znode& what) {
    const auto remedy =
        what.node.empty() ? std::string("remove it by hand") : "`penholder evict " + what.node + "` removes it";
    return {errc::malformed_znode,
            "znode " + what.path + " belongs to no session of a node, so it counts as absent; " + remedy};
}

void group_snapshot::found_leader(std::string path, leader_seen what) {
    if (is_owned(what.owner)) {
        leader = std::move(what);
        return;
    }
    ownerless_leader = what.version;
    ownerless.push_back({std::move(path), what.record ? what.record->node : std::string()});
}

void group_snapshot::found_self(std::string path, std::string_view node, member_seen what) {
    if (!is_owned(what.owner)) ownerless.push_back({std::move(path), std::string(node)});
    self = std::move(what);
}

void group_snapshot::found_candidate(std::string path, candidate_seen what, std::int64_t owner) {
    if (is_owned_candidate(what.znode, owner)) {
        candidates.push_back(std::move(what));
    } else {
        ownerless.push_back({std::move(path), what.record.node});
    }
}

bool group_snapshot::name_is_free() const noexcept {
    return !self || !is_owned(self->owner);
}

void group_snapshot::take_in(const group_snapshot& newer) {
    if (newer.scope == scope::full) {
        *this = newer;
        return;
    }
    group_exists = newer.group_exists;
    leader = newer.leader;
    ownerless_leader = newer.ownerless_leader;
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

const term_record* last_term_with_database(const std::vector<term_record>& terms) noexcept {
    const auto found =
        std::find_if(terms.rbegin(), terms.rend(), [](const auto& each) { return !each.database.empty(); });
    return found == terms.rend() ? nullptr : &*found;
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
        all.push_back({each.znode, each.record.node, each.record.priority, name->sequence, each.record.eligible,
                       each.record.unreached});
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
