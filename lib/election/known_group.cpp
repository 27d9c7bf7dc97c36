#include "known_group.hpp"

#include "paths.hpp"

#include <algorithm>
#include <utility>

namespace penholder::election {

/// A leader that goes takes its candidate along; a partial read does not show that.
void known_group::take_in(const group_snapshot& read, std::int64_t session) {
    const auto led = seen_.leader ? seen_.leader->owner : session;
    seen_.take_in(read);
    if (read.scope == scope::partial && led != session && !seen_.leader_owned_by(led)) {
        std::erase_if(seen_.candidates,
                      [its = candidate_prefix(led)](const auto& each) { return each.znode.starts_with(its); });
    }
    stands_ = read.scope == scope::full;
    if (!stands_) return;
    const bool owns_member = read.self && read.self->owner == session;
    if (!owns_member) {
        membership_ = membership::none;
    } else if (!is_candidate()) {
        membership_ = read.candidates_of(session).empty() ? membership::enrolled : membership::candidate;
    }
}

void known_group::forget() {
    known_group fresh;
    fresh.seen_.control = std::move(seen_.control);
    fresh.needed_ = needed_;
    *this = std::move(fresh);
}

void known_group::reconnected() {
    forget_watch();
    doubt();
    need(scope::full);
}

void known_group::need(scope what) {
    needed_ = std::max(needed_.value_or(what), what);
}

void known_group::enrolled(member_seen as) {
    seen_.self = std::move(as);
    if (!is_enrolled()) membership_ = membership::enrolled;
}

void known_group::withdrew() {
    seen_.self.reset();
    membership_ = membership::none;
}

void known_group::find_place(std::int64_t session, std::string_view leader) {
    const auto own = seen_.candidates_of(session);
    const auto order = in_succession(seen_.contenders(leader), seen_.handover_target());
    first_ = !own.empty() && !order.empty() && order.front().znode == own.front().znode;
    predecessor_ = own.empty() ? std::nullopt : just_ahead(order, own.front().znode);
    ahead_.clear();
    for (const auto& each : order) {
        if (!own.empty() && each.znode == own.front().znode) break;
        ahead_.push_back(each.node.empty() ? each.znode : each.node);
    }
}

const candidate_seen* known_group::unwatched_predecessor() const {
    if (!predecessor_ || predecessor_->znode == watched_) return nullptr;
    const auto found = std::ranges::find(seen_.candidates, predecessor_->znode, &candidate_seen::znode);
    return found == seen_.candidates.end() ? nullptr : &*found;
}

bool known_group::watch_fired(std::string_view znode) {
    const bool ours = znode == watched_;
    if (ours) forget_watch();
    return ours;
}

}  // namespace penholder::election
