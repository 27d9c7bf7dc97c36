#include "home_database.hpp"

#include <algorithm>
#include <utility>

namespace penholder::election {

/// A database that cannot be reached now is the one that it was.
void home_database::found(std::string identity) {
    looked_ = true;
    if (!identity.empty()) own_ = std::move(identity);
}

/// A leader may be newer than the terms that were read before it.
void home_database::shown(const group_snapshot& seen) {
    if (const auto* last = last_term_with_database(seen.terms)) {
        shown({last->number}, last->database, parse_fence_raise(last->raised).value_or(fence_raise{}));
    }
    if (const auto* leader = seen.leader_shown()) shown(leader->term, leader->database, leader->raised);
    adopted_ = !seen.control.adopted_database.empty();
    if (!adopted_) return;
    groups_ = seen.control.adopted_database;
    raised_ = seen.control.adopted_raise;
}

/// Terms older than one that was seen before are those of an ensemble that was restored. A newer one knew the last
/// raise of the one before, or was elected where operators had moved the group to.
void home_database::shown(term by, const std::string& identity, const fence_raise& raised) {
    if (identity.empty() || by < as_of_) return;
    const bool counts = identity != groups_ || (raised.is_known() && (by > as_of_ || is_newer(raised, raised_)));
    if (counts) raised_ = raised;
    groups_ = identity;
    as_of_ = by;
}

/// What its record said when it was elected, the raise before, tells nothing from here on.
void home_database::raised(const fence_raise& own) {
    if (!own.is_known() || is_foreign()) return;
    raised_ = own;
    as_of_ = std::max(as_of_, own.term);
    if (!own_.empty()) groups_ = own_;
}

std::optional<error> home_database::trouble(const std::string& node, const std::string& group) const {
    if (!is_foreign()) return std::nullopt;
    return error{errc::refused,
                 "node " + node + " has database " + own_ + ", and group " + group + " writes to " + groups_ +
                     ": it takes no part; correct its connection string, root or group, or, where the group is to move "
                     "to that database, run `penholder adopt-database`"};
}

}  // namespace penholder::election
