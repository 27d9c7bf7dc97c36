#pragma once

#include "command.hpp"
#include "model/write_answer.hpp"
#include "queued_write.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace penholder::lane {

/// How far a write has come in its transaction.
enum class write_state : std::uint8_t {
    waiting,   ///< Not run yet, or undone by a rollback.
    executed,  ///< Run in the transaction, not committed.
    rejected,  ///< Failed for good; that is to be recorded. In a session's transaction only.
    settled,   ///< It has its answer.
    apart,     ///< To be run by a session. In a batch only.
};

/// The type of a column of a result that nobody has named yet.
struct unnamed_column {
    std::size_t statement = 0;
    unnamed_type type;
};

struct write_progress {
    write_state state = write_state::waiting;
    std::vector<statement_result> results;  ///< Of the statements that have run.
    std::vector<unnamed_column> unnamed;    ///< In the results.
    std::optional<reason> why;              ///< Of a rejected one.
    receipt recorded;                       ///< As it went into the ledger with the COMMIT.
    std::optional<write_answer> answer;     ///< Of a settled one.
};

/// A write that affected other rows than it expects.
struct row_count_mismatch {
    std::size_t write = 0;
    reason why;
};

/// The writes of one transaction in their order, and how far each has come. Knows nothing of how they are run. Pure;
/// owned by a batch or a session's transaction.
///
/// A write's answer never claims a commit without the position of that COMMIT: on_committed gives it, and where there
/// is no COMMIT withdraw_unproven takes such answers back.
class batch_writes {
public:
    explicit batch_writes(std::vector<queued_write> writes) : writes_(std::move(writes)), progress_(writes_.size()) {}

    std::size_t size() const noexcept { return writes_.size(); }
    queued_write& write(std::size_t index) { return writes_[index]; }
    const queued_write& write(std::size_t index) const { return writes_[index]; }
    write_progress& of(std::size_t index) { return progress_[index]; }
    const write_progress& of(std::size_t index) const { return progress_[index]; }

    /// What the wall clock shows now: receipts that are made from now on are decided then.
    void date(std::chrono::system_clock::time_point now) noexcept { dated_ = now; }

    bool has(write_state state) const;
    bool has_waiting() const { return has(write_state::waiting); }
    bool is_waiting(std::size_t index) const { return progress_[index].state == write_state::waiting; }

    /// The database answered to one statement of a write.
    void keep_result(std::size_t index, std::size_t statement, reply& from);
    void mark_executed();  ///< All that wait.

    /// Types in the results that only the catalogue can name, each once; none left after `name_types`, which takes the
    /// names in that order.
    std::vector<unnamed_type> unnamed_types() const;
    void name_types(const reply& names);

    /// The shapes of which a statement returned so much that others would feel it.
    const std::vector<std::string>& returned_much() const noexcept { return returned_much_; }

    /// The first write, in order, that expects other rows than it affected.
    std::optional<row_count_mismatch> first_mismatch() const;

    void reject(std::size_t index, reason why);
    void set_apart(std::size_t index, trouble why);
    void set_apart_unsettled(const trouble& why);

    /// All that have no answer wait on for this reason.
    void note_trouble(const trouble& why);
    void settle(std::size_t index, write_answer answer);

    /// A rollback undid what ran from this write on: those have their turn again.
    void undo_from(std::size_t index);

    /// The receipt that is recorded for an executed or rejected write. Its results move into it: after a failure they
    /// come anew.
    const receipt& make_receipt(std::size_t index, term held);

    void on_committed(std::uint64_t lsn);
    void doubt_executed();  ///< Their COMMIT went unanswered.
    void withdraw_unproven();

private:
    static void drop_results(write_progress& of);
    void note_much(const std::string& shape);

    std::vector<queued_write> writes_;
    std::vector<write_progress> progress_;
    std::vector<std::string> returned_much_;
    std::chrono::system_clock::time_point dated_{};
};

}  // namespace penholder::lane
