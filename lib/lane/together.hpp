#pragma once

#include "batch_writes.hpp"
#include "round_draft.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace penholder::lane {

/// Runs a batch's writes all in one go. Where one fails for good, what has run is undone to the last savepoint before
/// it and runs again without it. Savepoints are set only where failures are to be expected, for each costs a little,
/// and few enough that PostgreSQL keeps all of them in its memory of running transactions. Pure; owned by a batch.
class together {
public:
    explicit together(bool expect_failures) : expect_failures_(expect_failures) {}

    /// Every write from `from` on that waits.
    void run(const batch_writes& all, std::size_t from, round_draft& into);

    /// Where to go back to before a write that failed.
    struct point {
        std::size_t from = 0;   ///< The first write that is undone.
        std::string savepoint;  ///< Empty where the whole transaction is.
    };
    point go_back(std::size_t failed);

    /// A write failed and the others went on without it.
    bool had_failures() const noexcept { return had_failures_; }

private:
    std::string last_savepoint() const;

    bool expect_failures_;
    bool had_failures_ = false;
    std::vector<std::size_t> savepoints_;  ///< The writes that have one before them, in order.
};

}  // namespace penholder::lane
