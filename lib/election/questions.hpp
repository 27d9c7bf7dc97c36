#pragma once

#include "action.hpp"
#include "elector_options.hpp"
#include "group_snapshot.hpp"
#include "model/ids.hpp"
#include "process_death.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::election {

// The transactions by which a leadership begins and ends, as pure functions of what was seen. Each checks, by the
// versions that it carries, everything that it rests on.

/// What is removed of the leader that is followed before it has gone; `proof` is null where it agreed. All of it
/// belongs to one session, so that none can have been made anew by another without the others, or the terms, having
/// changed too. Only a `leader` that no session owns where there is one; nothing where nobody leads.
std::optional<action::removal> removal_of_leader(const group_snapshot& seen, const process_death* proof);

/// Who asks to lead: the owner of this session, which has this database, and knows this raise of its fence.
struct contest_entry {
    std::int64_t session = 0;
    std::string database{};
    fence_raise last_raise{};
};

/// Requires that the owner of the session has a candidate.
action::lead question_to_lead(const group_snapshot& seen, const elector_options& who, const contest_entry& by,
                              term next, const process_death* proof);

/// `raised` is not of the term `own` where the leader has no database.
action::declare_serving question_to_declare(const group_snapshot& seen, const elector_options& who, term own,
                                            const fence_raise& raised = {});

/// Requires that somebody leads: the owner of `session`, in the term `own` where the znode does not show another.
action::give_up question_to_give_up(const group_snapshot& seen, std::int64_t session, std::string heir, term own);

/// `control` without a request to hand over.
action::set_control question_to_clear_handover(const group_snapshot& seen);

// What a question of the owner of `session` has changed in the group when it was carried out.

void carried_out(group_snapshot& seen, const action::remove_candidate& asked);
void carried_out(group_snapshot& seen, const action::lead& asked, std::int64_t session);
void carried_out(group_snapshot& seen, const action::declare_serving& asked, std::int64_t session);
void carried_out(group_snapshot& seen, const action::give_up& asked);
void carried_out(group_snapshot& seen, const action::set_control& asked);

}  // namespace penholder::election
