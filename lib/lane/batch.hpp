#pragma once

#include "batch_settings.hpp"
#include "batch_writes.hpp"
#include "ledger_check.hpp"
#include "one_round.hpp"
#include "round_draft.hpp"
#include "together.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::lane {

/// One transaction of the lane and its plain writes: commands out, replies in. It opens with BEGIN, the guard on the
/// fence and a look into the ledger, settles what the ledger answers already, runs the others, records them, checks
/// that the catalogue is still the one that they are plain by, and commits. How they are run is a strategy: a few in
/// one_round; else all together.
///
/// It rejects nothing: a write that fails is set apart, to be answered by a session, and what was undone runs again
/// without it. Where no write can be named all are set apart. Only the tag COMMIT is a commit. Pure; owned by the
/// batcher. `begin` once, then on_replies with the replies to each round, one for each of its commands, until it
/// answers nothing or on_lost ends the batch; the answers are read then.
class batch {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `notes`: what the lane knows of the statements; without, nothing goes in a single round. The cache and the notes
    /// outlive the batch.
    batch(batch_settings settings, std::vector<queued_write> writes, origin_cache& origins,
          statement_notes* notes = nullptr);

    round begin(time_point now);

    /// The next round, or nothing when the batch is over.
    std::optional<round> on_replies(std::vector<reply> replies, time_point now);

    /// The connection was lost; the batch is over.
    void on_lost();

    /// How many bytes of rows the round that was sent last may bring.
    std::size_t rows_bound() const noexcept;

    std::size_t size() const noexcept { return writes_.size(); }
    queued_write& write_at(std::size_t index) { return writes_.write(index); }

    /// When over: the write's answer, or nothing where it is to be tried again: in a session where it is set apart.
    const std::optional<write_answer>& answer(std::size_t index) const { return writes_.of(index).answer; }
    std::optional<write_answer> take_answer(std::size_t index) { return std::move(writes_.of(index).answer); }
    bool is_apart(std::size_t index) const { return writes_.of(index).state == write_state::apart; }

    /// Its COMMIT is under way: what is sent now comes after it.
    bool closing() const noexcept { return phase_ == phase::closing; }

    bool fenced() const noexcept { return end_ == end::fenced; }
    bool stale() const noexcept { return end_ == end::stale; }
    bool committed() const noexcept { return end_ == end::committed; }
    bool commit_in_doubt() const noexcept { return end_ == end::in_doubt; }

    /// Statements of its writes were sent.
    bool has_run() const noexcept { return phase_ != phase::opening; }

    /// The connection was lost while it ran.
    bool was_lost() const noexcept { return end_ == end::lost || end_ == end::in_doubt; }

    /// A write failed and the others went on without it.
    bool had_failures() const { return writes_.has(write_state::apart); }
    bool needs_reconnect() const noexcept { return needs_reconnect_; }

    /// What the commands of all its rounds were for.
    purposes steps() const noexcept { return draft_.ever(); }

    /// The failure of a command that no write can make fail; empty where there was none.
    const trouble& own_trouble() const noexcept { return own_trouble_; }

    /// How long statements of each shape held it up until they were cancelled.
    const std::map<std::string, std::chrono::milliseconds>& held_up() const noexcept { return held_up_; }

    /// How many of its writes failed by a statement of each shape, those that held it up apart.
    const std::map<std::string, std::size_t>& failed() const noexcept { return failed_; }

    /// How many of its writes that did not fail have such a statement.
    std::size_t succeeded(const std::string& shape) const;

    /// The shapes of which a statement returned much.
    const std::vector<std::string>& returned_much() const noexcept { return writes_.returned_much(); }

private:
    enum class phase : std::uint8_t { opening, working, closing, over };
    enum class end : std::uint8_t { none, committed, fenced, stale, lost, in_doubt };

    void push_opening(time_point now);
    void push_closing();
    void push_in_one_round();
    std::optional<round> next_round();
    std::optional<round> roll_back();

    void keep_results(std::vector<reply>& replies);
    std::optional<round> on_closing(const std::vector<reply>& replies, time_point now);
    std::optional<round> on_failure(const slot& where, const reply& why, time_point now);
    std::optional<round> on_own_failure(const slot& where, const reply& why);
    std::optional<round> set_apart(const slot& where, trouble why, time_point now);
    void note_hold_up(const slot& where, const std::string& sqlstate, std::size_t undone_from);
    std::optional<round> set_all_apart(const trouble& why);
    std::optional<round> start_over(const slot& where, const reply& why, time_point now);
    void end_by(const slot& where);
    void on_committed(const std::vector<reply>& replies);

    batch_settings settings_;
    batch_writes writes_;
    ledger_check ledger_;
    statement_notes* notes_;
    round_draft draft_;
    std::variant<together, one_round> how_;
    std::map<std::string, std::chrono::milliseconds> held_up_;
    std::map<std::string, std::size_t> failed_;
    int timeout_ms_ = 0;  ///< Of each statement.
    phase phase_ = phase::opening;
    end end_ = end::none;
    trouble own_trouble_;
    bool needs_reconnect_ = false;
};

}  // namespace penholder::lane
