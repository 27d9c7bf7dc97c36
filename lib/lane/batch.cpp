#include "batch.hpp"

#include "base/mutation.hpp"
#include "ledger/receipt_bytes.hpp"
#include "sql/sqlstate.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

constexpr std::string_view commit_tag = "COMMIT";

/// The write would have failed by itself too: neither its time nor the server was at fault.
bool is_own_fault(const reason& why) {
    return why.code == errc::row_count_mismatch ||
           (!sql::is_environment(why.sqlstate) && why.sqlstate != sql::cancelled_sqlstate);
}

reason sql_failure(const reply& why, std::optional<std::size_t> statement) {
    return {errc::statement_failed, why.message, why.sqlstate, statement};
}

}  // namespace

batch::batch(const batch_settings& settings, std::vector<queued_write> writes, origin_cache& origins,
             statement_notes* notes)
    : settings_(settings), writes_(std::move(writes)), fates_(writes_.size()), origins_(origins), notes_(notes) {}

round batch::begin(time_point now) {
    push_opening(now);
    if (needs_look_up()) {
        push_look_up();
    } else {
        judge_all();
        if (fits_one_round()) {
            push_in_one_round();
        } else {
            push_waiting(0);
            phase_ = phase::working;
        }
    }
    return take_round();
}

std::optional<round> batch::on_replies(std::vector<reply> replies, time_point now) {
    if (phase_ == phase::over) return std::nullopt;
    if (phase_ == phase::closing) return on_closing(replies, now);
    keep_results(replies);
    const auto failed = std::ranges::find_if(replies, [](const auto& one) { return one.failed(); });
    const auto mismatch = first_mismatch();
    if (failed != replies.end()) {
        const auto where = slots_[static_cast<std::size_t>(failed - replies.begin())];
        if (mismatch && mismatch->first < where.write) {
            return on_write_failure(mismatch->first, mismatch->second, now);
        }
        return on_failure(where, *failed, now);
    }
    if (mismatch) return on_write_failure(mismatch->first, mismatch->second, now);
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (slots_[at].what == purpose::look_up) absorb_look_up(replies[at]);
    }
    return next_round(now);
}

std::optional<round> batch::on_closing(const std::vector<reply>& replies, time_point now) {
    if (std::ranges::any_of(replies, [](const auto& one) { return one.tag == commit_tag; })) {
        on_committed(replies);
        return std::nullopt;
    }
    const auto failed = std::ranges::find_if(replies, [](const auto& one) { return one.failed(); });
    if (one_round_ && failed != replies.end()) {
        return start_over(slots_[static_cast<std::size_t>(failed - replies.begin())], *failed, now);
    }
    return on_closing_failure(failed == replies.end() ? reply{} : *failed, now);
}

std::optional<round> batch::next_round(time_point now) {
    slots_.clear();
    if (phase_ == phase::opening) {
        judge_all();
        phase_ = phase::working;
        if (has_waiting()) {
            push_waiting(0);
            return take_round();
        }
    }
    for (auto& one : fates_) {
        if (one.stage == stage::waiting && !careful_) one.stage = stage::executed;
    }
    if (careful_ && next_ < writes_.size()) {
        push_careful(now);
        if (!commands_.empty()) return take_round();
    }
    push_closing();
    phase_ = phase::closing;
    return take_round();
}

std::optional<round> batch::roll_back() {
    slots_.clear();
    commands_.clear();
    push(purpose::other, {.sql = "ROLLBACK", .params = {}, .reuse = false});
    phase_ = phase::over;
    withdraw_unproven();
    return take_round();
}

/// Answers that are only to be given with the position of a COMMIT.
void batch::withdraw_unproven() {
    for (auto& one : fates_) {
        const bool unproven = one.answer && one.answer->verdict == write_verdict::decided &&
                              one.answer->receipt.outcome == outcome::committed && one.answer->receipt.lsn == 0;
        if (unproven) one.answer.reset();
    }
}

void batch::doubt_executed() {
    commit_in_doubt_ = true;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        if (fates_[index].stage == stage::executed) writes_[index].doubtful = true;
    }
}

/// Undoes what ran after a rollback: those writes have their turn again.
void batch::undo_from(std::size_t index) {
    for (auto at = index; at < fates_.size(); ++at) {
        if (fates_[at].stage != stage::executed && fates_[at].stage != stage::waiting) continue;
        fates_[at].stage = stage::waiting;
        fates_[at].results.clear();
    }
    next_ = index;
}

std::optional<round> batch::on_failure(const slot& where, const reply& why, time_point now) {
    needs_reconnect_ = needs_reconnect_ || sql::is_environment(why.sqlstate);
    if (where.what != purpose::statement && where.what != purpose::check) return on_opening_failure(why);
    const bool has_statement = where.what == purpose::statement;
    return on_write_failure(where.write,
                            sql_failure(why, has_statement ? std::optional(where.statement) : std::nullopt), now);
}

std::optional<round> batch::on_opening_failure(const reply& why) {
    fenced_ =
        why.sqlstate == sql::fenced_sqlstate || (mutated(mutation::plain_select_guard) && why.sqlstate == "22012");
    for (std::size_t index = 0; fenced_ && index < writes_.size(); ++index) {
        if (!fates_[index].answer) {
            settle(index, undecided(write_verdict::handed_back,
                                    {errc::not_leader, "the database refused this leader: " + why.message}));
        }
    }
    return roll_back();
}

std::optional<round> batch::on_write_failure(std::size_t index, reason why, time_point now) {
    if (!careful_ && is_own_fault(why)) return retreat(index, std::move(why), now);
    if (!careful_ && writes_.size() > 1) return start_careful(now);
    blame(index, std::move(why));
    if (!careful_) return start_careful(now);
    slots_.clear();
    push(purpose::other, {.sql = "ROLLBACK TO SAVEPOINT w" + std::to_string(index), .params = {}, .reuse = false});
    undo_from(index + 1);
    push_careful(now);
    return take_round();
}

std::optional<round> batch::on_closing_failure(const reply& why, time_point now) {
    if (sql::leaves_commit_in_doubt(why.sqlstate)) {
        doubt_executed();
        needs_reconnect_ = true;
        return roll_back();
    }
    if (!careful_ && writes_.size() > 1) return start_careful(now);
    if (writes_.size() == 1 && fates_[0].stage == stage::executed) {
        auto cause = sql_failure(why, std::nullopt);
        if (cause.message.empty()) cause.message = "PostgreSQL rolled the transaction back at COMMIT";
        blame(0, std::move(cause));
        return start_careful(now);
    }
    for (auto& one : writes_) one.alone = true;
    return roll_back();
}

/// All writes before this one succeeded, so it fails for good after them: what ran since the last savepoint runs again
/// without it, and then the rest.
std::optional<round> batch::retreat(std::size_t index, reason why, time_point now) {
    blame(index, std::move(why));
    slots_.clear();
    std::erase_if(savepoints_, [index](auto one) { return one > index; });
    const auto from = savepoints_.empty() ? 0 : savepoints_.back();
    push(purpose::other, {.sql = savepoints_.empty() ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT " + last_savepoint(),
                          .params = {},
                          .reuse = false});
    if (savepoints_.empty()) push_opening(now);
    stumbled_ = true;
    undo_from(from);
    push_waiting(from);
    return take_round();
}

std::optional<round> batch::start_careful(time_point now) {
    slots_.clear();
    commands_.clear();
    careful_ = true;
    savepoints_.clear();
    staged_.clear();
    undo_from(0);
    push(purpose::other, {.sql = "ROLLBACK", .params = {}, .reuse = false});
    push_opening(now);
    phase_ = phase::working;
    push_careful(now);
    return take_round();
}

/// Final where the write itself is at fault; otherwise it is tried again while its deadline lasts.
void batch::blame(std::size_t index, reason why) {
    auto& one = fates_[index];
    const bool blameless =
        sql::is_conflict(why.sqlstate) || (!why.sqlstate.empty() && sql::is_environment(why.sqlstate));
    if (blameless) {
        one.stage = stage::again;
    } else if (why.sqlstate == sql::cancelled_sqlstate && one.bounded_by_deadline) {
        settle(index, undecided(write_verdict::handed_back,
                                {errc::deadline_expired,
                                 "the write's deadline ended while it was running; it was rolled back"}));
    } else {
        one.stage = stage::rejected;
        one.why = std::move(why);
    }
}

std::optional<std::pair<std::size_t, reason>> batch::first_mismatch() const {
    if (mutated(mutation::row_count_ignored)) return std::nullopt;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        const auto& one = fates_[index];
        const auto& statements = writes_[index].statements();
        if (one.stage != stage::waiting && one.stage != stage::executed) continue;
        for (std::size_t at = 0; at < std::min(statements.size(), one.results.size()); ++at) {
            const auto expected = statements[at].expected_rows();
            if (!expected || *expected == one.results[at].rows_affected) continue;
            return std::pair(index, reason{errc::row_count_mismatch,
                                           "statement " + std::to_string(at) + " affected " +
                                               std::to_string(one.results[at].rows_affected) + " rows instead of " +
                                               std::to_string(*expected) + "; the write was rolled back",
                                           {},
                                           at});
        }
    }
    return std::nullopt;
}

void batch::keep_results(std::vector<reply>& replies) {
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (slots_[at].what != purpose::statement) continue;
        auto& one = fates_[slots_[at].write];
        if (slots_[at].statement == 0) one.results.clear();
        if (replies[at].done()) one.results.push_back(std::move(replies[at].result));
        const bool complete = one.results.size() == writes_[slots_[at].write].statements().size();
        if (careful_ && complete && one.stage == stage::waiting) one.stage = stage::executed;
    }
}

void batch::on_committed(const std::vector<reply>& replies) {
    committed_ = true;
    phase_ = phase::over;
    if (!one_round_) note_row_counts();
    for (auto& [origin, state] : staged_) origins_.insert_or_assign(origin, std::move(state));
    std::uint64_t lsn = 0;
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (slots_[at].what == purpose::position && replies[at].done()) {
            lsn = lsn_from_string(replies[at].result.rows.at(0).at(0).value_or("")).value_or(0);
        }
        needs_reconnect_ = needs_reconnect_ || !replies[at].done();
    }
    settle_all_committed(lsn);
}

void batch::settle_all_committed(std::uint64_t lsn) {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        auto& one = fates_[index];
        if (one.stage == stage::executed || one.stage == stage::rejected) {
            settle(index, decided(std::move(one.recorded)));
        }
        const bool shows_lsn = one.answer && one.answer->verdict == write_verdict::decided &&
                               one.answer->receipt.outcome == outcome::committed;
        if (shows_lsn) one.answer->receipt.lsn = lsn;
    }
}

void batch::settle(std::size_t index, write_answer answer) {
    fates_[index].stage = stage::settled;
    fates_[index].answer = std::move(answer);
}

void batch::on_lost() {
    needs_reconnect_ = true;
    if (phase_ == phase::closing && !mutated(mutation::lost_commit_taken_for_failed)) doubt_executed();
    phase_ = phase::over;
    withdraw_unproven();
}

/// The results move into it: after a failure they come anew.
receipt batch::make_receipt(std::size_t index) {
    auto& one = fates_[index];
    const bool done = one.stage == stage::executed;
    return {writes_[index].id(),
            done ? outcome::committed : outcome::rejected,
            settings_.held.value,
            0,
            false,
            done ? std::move(one.results) : std::vector<statement_result>{},
            done ? std::nullopt : one.why};
}

std::optional<receipt> batch::premature_receipt(std::size_t index) const {
    if (phase_ != phase::closing || fates_[index].stage != stage::executed) return std::nullopt;
    return fates_[index].recorded;
}

bool batch::has_waiting() const {
    return std::ranges::any_of(fates_, [](const auto& one) { return one.stage == stage::waiting; });
}

}  // namespace penholder::lane
