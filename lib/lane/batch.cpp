#include "batch.hpp"

#include "batch_commands.hpp"
#include "sql/sqlstate.hpp"

#include <algorithm>
#include <cassert>

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

/// The place of the first reply that says that its command failed.
std::optional<std::size_t> first_failure(const std::vector<reply>& replies) {
    const auto failed = std::ranges::find_if(replies, &reply::failed);
    if (failed == replies.end()) return std::nullopt;
    return static_cast<std::size_t>(failed - replies.begin());
}

}  // namespace

batch::batch(batch_settings settings, std::vector<queued_write> writes, origin_cache& origins, statement_notes* notes)
    : settings_(std::move(settings)),
      writes_(std::move(writes)),
      ledger_(origins),
      notes_(notes),
      how_(together(settings_.expect_failures)) {
    assert(writes_.size() > 0);
}

round batch::begin(time_point now) {
    push_opening(now);
    if (ledger_.needs_look_up(writes_)) {
        draft_.push(purpose::look_up, ledger_.look_up(settings_, writes_));
        return draft_.take();
    }
    ledger_.settle_known(settings_, writes_);
    if (notes_ != nullptr && one_round(*notes_).fits(writes_, settings_)) {
        push_in_one_round();
    } else {
        std::get<together>(how_).run(writes_, 0, draft_);
        phase_ = phase::working;
    }
    return draft_.take();
}

void batch::push_opening(time_point now) {
    int timeout = settings_.statement_timeout_max_ms;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        const auto own = statement_timeout_ms(settings_, writes_.write(index), now);
        timeout = std::min(timeout, own);
        writes_.of(index).bounded_by_deadline = own < settings_.statement_timeout_max_ms;
    }
    draft_.push(purpose::other, begin_transaction());
    draft_.push(purpose::guard, guard(settings_, timeout));
}

void batch::push_in_one_round() {
    auto& how = how_.emplace<one_round>(*notes_);
    how.run(writes_, draft_);
    push_closing();
    phase_ = phase::closing;
}

void batch::push_closing() {
    auto record = ledger_.record(settings_, writes_);
    if (savepoint_per_write()) draft_.push(purpose::other, set_timeout(settings_.statement_timeout_max_ms));
    if (record) draft_.push(purpose::record, std::move(*record));
    draft_.push(purpose::commit, commit());
    draft_.push(purpose::position, log_position());
    for (const auto one : session_resets) draft_.push(purpose::reset, {.sql = std::string(one), .params = {}});
}

std::optional<round> batch::on_replies(std::vector<reply> replies, time_point now) {
    if (phase_ == phase::over) return std::nullopt;
    if (phase_ == phase::closing) return on_closing(replies, now);
    keep_results(replies);
    const auto failed = first_failure(replies);
    auto mismatch = writes_.first_mismatch();
    if (mismatch && (!failed || mismatch->write < draft_.of_reply(*failed).write)) {
        return on_write_failure(mismatch->write, std::move(mismatch->why), now);
    }
    if (failed) return on_failure(slot(draft_.of_reply(*failed)), replies[*failed], now);
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (draft_.of_reply(at).what == purpose::look_up) ledger_.absorb(replies[at]);
    }
    return next_round(now);
}

void batch::keep_results(std::vector<reply>& replies) {
    for (std::size_t at = 0; at < replies.size(); ++at) {
        const auto& whose = draft_.of_reply(at);
        if (whose.what != purpose::statement) continue;
        writes_.keep_result(whose.write, whose.statement, replies[at]);
        const bool ran = writes_.is_waiting(whose.write) && writes_.has_all_results(whose.write);
        if (savepoint_per_write() && ran) writes_.of(whose.write).state = write_state::executed;
    }
}

std::optional<round> batch::next_round(time_point now) {
    draft_.begin();
    if (phase_ == phase::opening) {
        ledger_.settle_known(settings_, writes_);
        phase_ = phase::working;
        if (writes_.has_waiting()) {
            std::get<together>(how_).run(writes_, 0, draft_);
            return draft_.take();
        }
    }
    if (auto* how = std::get_if<one_by_one>(&how_)) {
        how->run_next(writes_, settings_, now, draft_);
        if (!draft_.empty()) return draft_.take();
    } else {
        writes_.mark_executed();
    }
    push_closing();
    phase_ = phase::closing;
    return draft_.take();
}

std::optional<round> batch::roll_back() {
    draft_.begin();
    draft_.push(purpose::other, lane::roll_back());
    phase_ = phase::over;
    writes_.withdraw_unproven();
    return draft_.take();
}

// What failed.

std::optional<round> batch::on_failure(const slot& where, const reply& why, time_point now) {
    needs_reconnect_ = needs_reconnect_ || sql::is_environment(why.sqlstate);
    if (where.what != purpose::statement && where.what != purpose::check) return on_opening_failure(why);
    const bool has_statement = where.what == purpose::statement;
    return on_write_failure(where.write,
                            sql_failure(why, has_statement ? std::optional(where.statement) : std::nullopt), now);
}

std::optional<round> batch::on_opening_failure(const reply& why) {
    const bool refused = why.sqlstate == sql::fenced_sqlstate;
    if (refused) end_ = end::fenced;
    for (std::size_t index = 0; refused && index < writes_.size(); ++index) {
        if (!writes_.of(index).answer) {
            writes_.settle(index, undecided(write_verdict::handed_back,
                                            {errc::not_leader, "the database refused this leader: " + why.message}));
        }
    }
    return roll_back();
}

std::optional<round> batch::on_write_failure(std::size_t index, reason why, time_point now) {
    if (auto* how = std::get_if<together>(&how_)) {
        if (is_own_fault(why)) return retreat(*how, index, std::move(why), now);
        if (writes_.size() == 1) writes_.blame(index, std::move(why));
        return start_one_by_one(now);
    }
    auto& how = std::get<one_by_one>(how_);
    writes_.blame(index, std::move(why));
    draft_.begin();
    how.go_back(index, draft_);
    writes_.undo_from(index + 1);
    how.run_next(writes_, settings_, now, draft_);
    return draft_.take();
}

/// All writes before this one succeeded, so it fails for good after them: what ran since the last savepoint runs again
/// without it, and then the rest.
std::optional<round> batch::retreat(together& how, std::size_t index, reason why, time_point now) {
    writes_.blame(index, std::move(why));
    const auto point = how.go_back(index);
    draft_.begin();
    if (point.savepoint.empty()) {
        draft_.push(purpose::other, lane::roll_back());
        push_opening(now);
    } else {
        draft_.push(purpose::other, roll_back_to(point.savepoint));
    }
    writes_.undo_from(point.from);
    how.run(writes_, point.from, draft_);
    return draft_.take();
}

std::optional<round> batch::start_one_by_one(time_point now) {
    auto& how = how_.emplace<one_by_one>();
    restart(now);
    how.run_next(writes_, settings_, now, draft_);
    return draft_.take();
}

/// The transaction is undone as a whole and another one begun.
void batch::restart(time_point now) {
    draft_.begin();
    ledger_.forget_record();
    writes_.undo_from(0);
    draft_.push(purpose::other, lane::roll_back());
    push_opening(now);
    phase_ = phase::working;
}

// The end.

std::optional<round> batch::on_closing(const std::vector<reply>& replies, time_point now) {
    if (std::ranges::count(replies, commit_tag, &reply::tag) > 0) {
        on_committed(replies);
        return std::nullopt;
    }
    const auto failed = first_failure(replies);
    if (failed && std::holds_alternative<one_round>(how_)) {
        return start_over(slot(draft_.of_reply(*failed)), replies[*failed], now);
    }
    return on_closing_failure(failed ? replies[*failed] : reply{}, now);
}

/// Nothing of the one round was committed, whatever the reason: the guard refused, the counts were others, a statement
/// failed.
std::optional<round> batch::start_over(const slot& where, const reply& why, time_point now) {
    auto counts = std::get<one_round>(how_);
    auto& how = how_.emplace<together>(settings_.expect_failures);
    if (where.what == purpose::commit) return on_closing_failure(why, now);
    needs_reconnect_ = needs_reconnect_ || sql::is_environment(why.sqlstate);
    if (where.what != purpose::counted) return on_opening_failure(why);
    counts.on_refused(writes_.write(where.write).statements()[where.statement], why);
    restart(now);
    how.run(writes_, 0, draft_);
    return draft_.take();
}

std::optional<round> batch::on_closing_failure(const reply& why, time_point now) {
    if (sql::leaves_commit_in_doubt(why.sqlstate)) {
        doubt_executed();
        needs_reconnect_ = true;
        return roll_back();
    }
    if (writes_.size() > 1 && !savepoint_per_write()) return start_one_by_one(now);
    if (writes_.size() == 1 && writes_.of(0).state == write_state::executed) {
        auto cause = sql_failure(why, std::nullopt);
        if (cause.message.empty()) cause.message = "PostgreSQL rolled the transaction back at COMMIT";
        writes_.blame(0, std::move(cause));
        return start_one_by_one(now);
    }
    for (std::size_t index = 0; index < writes_.size(); ++index) writes_.write(index).alone = true;
    return roll_back();
}

void batch::on_committed(const std::vector<reply>& replies) {
    end_ = end::committed;
    phase_ = phase::over;
    if (notes_ != nullptr && !std::holds_alternative<one_round>(how_)) one_round(*notes_).learn(writes_);
    ledger_.on_committed();
    std::uint64_t lsn = 0;
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (draft_.of_reply(at).what == purpose::position && replies[at].done()) {
            lsn = lsn_from_string(replies[at].result.rows.at(0).at(0).value_or("")).value_or(0);
        }
        needs_reconnect_ = needs_reconnect_ || !replies[at].done();
    }
    writes_.on_committed(lsn);
}

void batch::on_lost() {
    needs_reconnect_ = true;
    if (phase_ == phase::closing) doubt_executed();
    phase_ = phase::over;
    writes_.withdraw_unproven();
}

void batch::doubt_executed() {
    end_ = end::in_doubt;
    writes_.doubt_executed();
}

bool batch::had_failures() const noexcept {
    const auto* how = std::get_if<together>(&how_);
    return how != nullptr && how->had_failures();
}

}  // namespace penholder::lane
