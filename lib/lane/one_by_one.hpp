#pragma once

#include "batch_settings.hpp"
#include "batch_writes.hpp"
#include "round_draft.hpp"

#include <chrono>
#include <cstddef>

namespace penholder::lane {

/// Runs a batch's writes with a savepoint for each, its own time limit, and its constraints checked before the next
/// one's turn: whatever fails, it is plain whose fault it is. For a batch in which that was not plain. Pure; owned by a
/// batch.
class one_by_one {
public:
    /// Some of the writes that wait, as many as go in a round.
    void run_next(batch_writes& all, const batch_settings& settings, std::chrono::steady_clock::time_point now,
                  round_draft& into);

    /// Undoes what ran from `failed` on. The writes behind it have their turn again.
    void go_back(std::size_t failed, round_draft& into);

private:
    std::size_t next_ = 0;  ///< The first write that was not tried.
};

}  // namespace penholder::lane
