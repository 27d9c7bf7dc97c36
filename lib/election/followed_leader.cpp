#include "followed_leader.hpp"

#include <utility>

namespace penholder::election {

bool followed_leader::shown(const group_snapshot& seen, std::int64_t session) {
    const auto* record = seen.leader_shown();
    if (record == nullptr || seen.leader_owned_by(session)) {
        if (!seen.leader || !is_from_fence()) forget();
        return false;
    }
    if (is_from_fence() && now_->term > record->term) return false;
    now_ = other_leader{record->term, record->node, record->endpoint, record->phase == phase::serving};
    source_ = source::ensemble;
    return now_->serving;
}

void followed_leader::fenced(term by, std::string leader, std::string endpoint) {
    if (now_ && now_->term > by) return;
    forget();
    if (leader.empty()) return;
    now_ = other_leader{by, std::move(leader), std::move(endpoint), true};
    source_ = source::fence;
}

bool followed_leader::database_shows(term seen) {
    if (!is_from_fence() || seen >= now_->term) return false;
    forget();
    return true;
}

}  // namespace penholder::election
