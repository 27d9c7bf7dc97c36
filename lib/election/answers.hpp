#pragma once

#include "elector_state.hpp"
#include "event.hpp"

namespace penholder::election {

// What the ensemble's answers change in what an elector remembers. Each answer belongs to the question that was open.

void take_snapshot(elector_state& state, const group_snapshot& read);

/// `asked` was carried out.
void take_done(elector_state& state, const any_question& asked);

/// Somebody else was faster: certainly nothing was changed by the question that was answered so.
bool is_lost_race(ensemble_reply reply) noexcept;

/// `asked` was not carried out, or perhaps it was: what is there is read again. A race that was lost is tried again at
/// once.
void take_failure(elector_state& state, const any_question& asked, const event::answered& what);

/// Logs, once for each term, that a dead leader is left to the ensemble.
void note_withheld_eviction(elector_state& state);

/// True where this node led and does no more, because the group writes to another database than its own.
bool leave_to_others(elector_state& state);

/// This node is elected for `of`. `confirmed`: it has seen or made its `leader` znode since the last disconnect.
void begin_term(elector_state& state, term of, bool confirmed);

}  // namespace penholder::election
