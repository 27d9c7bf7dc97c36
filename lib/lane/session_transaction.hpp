#pragma once

#include "batch_settings.hpp"
#include "batch_writes.hpp"
#include "ledger_check.hpp"
#include "queued_write.hpp"
#include "round_draft.hpp"
#include "trouble.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::lane {

/// One write in one transaction of a session: commands out, replies in. BEGIN, the guard and, where an earlier attempt
/// may have been applied, a look into the ledger (for a key that comes first a command that fails where it is known, so
/// that the statements need not wait for the answer); the statements as they were given; then, when all of them have
/// succeeded, the record and COMMIT. What a statement or COMMIT raises is the write's own answer: it is rolled back,
/// and the rejection is recorded by a transaction of its own. Where a command of ours fails behind them, that one runs
/// in this transaction too: only where it succeeds there was the write to blame. Where its settings name a catalogue,
/// by which the write leaves nothing and notices nothing of what ran before, it is committed or rejected only under
/// that one, as a batch is, and its commands are kept prepared; any other write's could be replaced by it.
///
/// What a session decides is a row of the ledger's keys, under the write's id, also where a node gave the id: only the
/// lane writes origins' rows, which hold many answers each. Exactly once holds for such an id whichever ways its
/// attempts take. An attempt is fresh only where its origin says that no earlier one can have been applied; any other
/// looks into both the keys and the origin's row before it runs. What it reads is all there is to know, because an
/// earlier attempt is over by then or excluded by the row's primary key: under an older term it ended before the fence
/// was raised; in the lane it ended before the lane's present connection raised the fence again, and the pool begins no
/// such attempt while the lane has none; in a session it either committed a row, or its row clashes with ours and one
/// of the two is rolled back. The lane runs no write whose session left a COMMIT in doubt (see intake).
///
/// Only the tag COMMIT is a commit. Pure; owned by the pool. `begin` once, then on_replies with the replies to each
/// round until it answers nothing or on_lost ends it; the answer is read then.
class session_transaction {
public:
    using time_point = std::chrono::steady_clock::time_point;

    session_transaction(batch_settings settings, queued_write one);

    round begin(time_point now);
    std::optional<round> on_replies(std::vector<reply> replies, time_point now);
    void on_lost();

    /// How many bytes of rows the round that was sent last may bring: a part of what a receipt may hold, unless the
    /// write is one with a large answer. Where they are more it is rolled back, and becomes one.
    std::size_t rows_bound() const noexcept;

    queued_write& write() noexcept { return writes_.write(0); }
    const queued_write& write() const noexcept { return writes_.write(0); }

    /// When over: the answer, or nothing where it is to be tried again.
    std::optional<write_answer> take_answer() { return std::move(writes_.of(0).answer); }

    /// A COMMIT that decides it is under way: its own, or its rejection's.
    bool commit_sent() const {
        return phase_ == phase::rejecting || (phase_ == phase::closing && writes_.has(write_state::executed));
    }

    /// It was rolled back to run again as one with a large answer.
    bool wants_room() const noexcept { return again_ == retry::with_room; }

    /// It is to be tried again at once: nothing stands in its way but what it did not know.
    bool runs_again_at_once() const noexcept { return again_ != retry::later || was_lost(); }

    /// The connection was lost while it ran, so it may be at fault.
    bool was_lost() const noexcept { return loss_ == loss::while_it_ran; }

    /// What the commands of all its rounds were for.
    purposes steps() const noexcept { return draft_.ever(); }

    bool fenced() const noexcept { return fenced_; }
    bool committed() const noexcept { return committed_; }

    /// The shapes of which a statement returned much.
    const std::vector<std::string>& returned_much() const noexcept { return writes_.returned_much(); }

    /// It has left nothing, for it committed under the catalogue by which it leaves nothing.
    bool left_nothing() const noexcept { return left_nothing_; }

    /// The catalogue is another than that of its settings: it was rolled back.
    bool stale() const noexcept { return again_ == retry::under_another_catalogue; }

    /// Commands of ours failed that the write cannot make fail, or the connection is gone.
    bool needs_reconnect() const noexcept { return loss_ != loss::none; }

private:
    enum class phase : std::uint8_t { opening, running, closing, rejecting, undoing, over };
    enum class loss : std::uint8_t { none, for_no_fault_of_its_own, while_it_ran };
    /// How it runs again where it has no answer.
    enum class retry : std::uint8_t { later, with_room, under_another_catalogue, as_decided_before };

    void push_opening(time_point now);
    void push_closing();
    bool leaves_nothing() const noexcept { return static_cast<bool>(settings_.catalogue); }
    bool is_stale(std::size_t at, const reply& why) const;
    round run();
    round close();
    round close_rejected();
    round undo();
    std::optional<round> on_opened(const std::vector<reply>& replies);
    std::optional<round> on_run(std::vector<reply>& replies, time_point now);
    std::optional<round> on_closed(const std::vector<reply>& replies, time_point now);
    std::optional<round> on_rejected(const std::vector<reply>& replies);
    void on_committed(const std::vector<reply>& replies);
    std::optional<round> on_own_failure(std::size_t at, const reply& why);
    bool is_late(time_point now) const;
    std::optional<round> fail(const reply& why, std::optional<std::size_t> statement, time_point now);
    std::optional<round> reject(reason why, time_point now, std::optional<command> probe = {});
    std::optional<round> blame(purpose which, const reply& why, time_point now);
    std::optional<round> on_too_large(const reply& why);
    std::optional<round> on_stale(const reply& why);
    std::optional<round> look_again(const reply& why);
    std::optional<round> try_again(trouble why);
    void end_by(std::size_t at, const reply& fatal);

    batch_settings settings_;
    batch_writes writes_;
    std::unique_ptr<origin_cache> origins_;  ///< What was read of its origin only. Does not move with it.
    ledger_check ledger_;
    round_draft draft_;
    std::optional<command> record_;  ///< As it was sent last.
    time_point began_{};
    phase phase_ = phase::opening;
    loss loss_ = loss::none;
    retry again_ = retry::later;
    bool fenced_ = false;
    bool committed_ = false;
    bool left_nothing_ = false;
    bool probing_ = false;
    purpose probed_ = purpose::record;  ///< Where it is probing: for what the command is that failed.
};

}  // namespace penholder::lane
