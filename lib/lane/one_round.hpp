#pragma once

#include "batch_settings.hpp"
#include "batch_writes.hpp"
#include "round_draft.hpp"
#include "statement_notes.hpp"

#include <cstddef>

namespace penholder::lane {

/// Sends a few plain writes whole: statements, record and COMMIT in a single round. The record is made for the row
/// counts that the statements had last, and the database itself refuses to go on where they are others; then all is
/// done anew, in the usual way. The count is one more parameter, which cannot be taken for one of the statement's own:
/// how many those are was checked before the write took the lane. Pure; owned by a batch. The notes are the lane's and
/// outlive it.
class one_round {
public:
    explicit one_round(statement_notes& notes) : notes_(&notes) {}

    /// Whether these writes can go so. To be asked once for each batch: a statement that is not relied on for some
    /// times has one of them less.
    bool fits(const batch_writes& all, const batch_settings& settings);

    /// The statements of all writes that wait; those count as executed.
    void run(batch_writes& all, round_draft& into);

    /// The database refused to count this statement's rows, or counted others.
    void on_refused(const statement& which, const reply& why);

    /// What a batch of few writes did, as it was recorded, they will probably do again.
    void learn(const batch_writes& all);

private:
    statement_notes* notes_;
};

}  // namespace penholder::lane
