#pragma once

#include "command.hpp"
#include "lane_write.hpp"
#include "ledger/origin_ledger.hpp"
#include "statement_notes.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace penholder::lane {

/// A write in the lane, with what the lane has learned about it.
struct queued_write {
    lane_write taken;
    std::string fingerprint = {};                        ///< Of keyed writes only.
    bool alone = false;                                  ///< To share its batch with no other.
    bool doubtful = false;                               ///< An earlier COMMIT of it went unanswered.
    std::chrono::steady_clock::time_point not_before{};  ///< After a conflict.
    int tries = 0;

    const std::string& id() const noexcept { return taken.what.id().text(); }
    const origin_write_id* given() const noexcept { return taken.what.id().given(); }
    const std::vector<statement>& statements() const noexcept { return taken.what.statements(); }
    std::chrono::steady_clock::time_point deadline() const noexcept { return taken.deadline; }
};

struct batch_settings {
    std::string group;
    penholder::term held;
    int statement_timeout_max_ms = 30000;
    int key_retention_s = 0;
    int origin_retention_s = 0;
    bool failures_expected = false;  ///< A savepoint now and then, so that a failure undoes little.
};

/// What the ledger holds of the origins seen in this term. Only our term may change that, so it stays true until a
/// batch ends without a proven COMMIT.
using origin_cache = std::map<std::string, ledger::origin_ledger, std::less<>>;

/// One transaction's writes: commands out, replies in. First all writes together; where one of them fails, what has run
/// is undone to the last savepoint before it and runs again without it. Where it is not plain whose fault it is, again
/// in careful mode: a savepoint for each write, its constraints checked before the next; and where even that cannot
/// tell, each write in a batch of its own. A batch without writes sweeps the ledger. Pure.
///
/// A few plain writes go in a single round with their COMMIT: the ledger's record is made for the row counts that the
/// statements had last, and the database itself refuses to go on where they are others. Then all is done anew, in the
/// usual way.
class batch {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `notes`: what the lane knows of the statements; without, nothing goes in a single round.
    batch(const batch_settings& settings, std::vector<queued_write> writes, origin_cache& origins,
          statement_notes* notes = nullptr);

    round begin(time_point now);

    /// The next round, or nothing when the batch is over. `replies` holds one for each command of the last round.
    std::optional<round> on_replies(std::vector<reply> replies, time_point now);

    /// The connection was lost; the batch is over.
    void on_lost();

    std::size_t size() const noexcept { return writes_.size(); }
    queued_write& write_at(std::size_t index) { return writes_[index]; }

    /// When over: the write's answer, or nothing where it is to be tried again.
    const std::optional<write_answer>& answer(std::size_t index) const { return fates_[index].answer; }
    std::optional<write_answer> take_answer(std::size_t index) { return std::move(fates_[index].answer); }

    /// For the mutation `acknowledge_before_commit`: the write's receipt, where all it lacks is the COMMIT under way.
    std::optional<receipt> premature_receipt(std::size_t index) const;

    /// Its COMMIT is under way: what is sent now comes after it.
    bool closing() const noexcept { return phase_ == phase::closing; }

    bool fenced() const noexcept { return fenced_; }
    bool committed() const noexcept { return committed_; }
    bool careful() const noexcept { return careful_; }

    /// A write failed and the others went on without it.
    bool stumbled() const noexcept { return stumbled_; }
    bool needs_reconnect() const noexcept { return needs_reconnect_; }
    bool commit_in_doubt() const noexcept { return commit_in_doubt_; }

private:
    enum class purpose { other, guard, look_up, statement, counted, check, record, commit, position, tidy };
    struct slot {
        purpose what = purpose::other;
        std::size_t write = 0;
        std::size_t statement = 0;
    };
    enum class stage { waiting, executed, rejected, settled, again };
    struct fate {
        batch::stage stage = batch::stage::waiting;
        std::vector<statement_result> results;
        std::optional<reason> why;
        receipt recorded;  ///< As it went into the ledger with the closing round.
        std::optional<write_answer> answer;
        bool bounded_by_deadline = false;
    };
    enum class phase { opening, working, closing, over };
    struct ledger_rows;

    void push(purpose what, command sent, std::size_t write = 0, std::size_t statement = 0);
    void push_opening(time_point now);
    void push_look_up();
    void push_statements(std::size_t write, bool reuse);
    void push_waiting(std::size_t from);
    std::string last_savepoint() const;
    bool fits_one_round();
    void push_in_one_round();
    std::optional<round> start_over(const slot& where, const reply& why, time_point now);
    void distrust(const slot& where, const reply& why);
    void note_row_counts();
    void push_careful(time_point now);
    void push_closing();
    round take_round() { return std::move(commands_); }
    std::optional<round> next_round(time_point now);
    std::optional<round> roll_back();

    bool needs_look_up() const;
    void judge_all();
    void judge(std::size_t index);
    void judge_keyed(std::size_t index);
    void judge_given(std::size_t index);
    void absorb_look_up(const reply& found);

    std::optional<round> on_closing(const std::vector<reply>& replies, time_point now);
    std::optional<round> on_failure(const slot& where, const reply& why, time_point now);
    std::optional<round> on_opening_failure(const reply& why);
    std::optional<round> on_closing_failure(const reply& why, time_point now);
    std::optional<round> on_write_failure(std::size_t index, reason why, time_point now);
    std::optional<round> retreat(std::size_t index, reason why, time_point now);
    std::optional<round> start_careful(time_point now);
    void withdraw_unproven();
    void doubt_executed();
    void undo_from(std::size_t index);
    void blame(std::size_t index, reason why);
    std::optional<std::pair<std::size_t, reason>> first_mismatch() const;
    void keep_results(std::vector<reply>& replies);
    void on_committed(const std::vector<reply>& replies);
    void settle(std::size_t index, write_answer answer);
    void settle_all_committed(std::uint64_t lsn);
    receipt make_receipt(std::size_t index);
    int timeout_ms(std::size_t index, time_point now) const;
    ledger_rows rows_to_record();
    bool has_waiting() const;

    batch_settings settings_;
    std::vector<queued_write> writes_;
    std::vector<fate> fates_;
    origin_cache& origins_;
    statement_notes* notes_;
    origin_cache staged_;
    std::map<std::string, std::pair<std::string, std::string>> keys_;  ///< Fingerprint and receipt of keys found.
    round commands_;
    std::vector<slot> slots_;
    phase phase_ = phase::opening;
    std::size_t next_ = 0;                 ///< Careful mode: the first write not yet tried.
    std::vector<std::size_t> savepoints_;  ///< Otherwise: the writes that have one before them.
    bool looked_up_ = false;
    bool careful_ = false;
    bool stumbled_ = false;
    bool one_round_ = false;
    bool fenced_ = false;
    bool committed_ = false;
    bool commit_in_doubt_ = false;
    bool needs_reconnect_ = false;
};

}  // namespace penholder::lane
