#include "batch.hpp"

#include "batch_commands.hpp"
#include "replies.hpp"
#include "sql/sqlstate.hpp"

#include <algorithm>
#include <cassert>

namespace penholder::lane {
namespace {

/// What the ledger answers comes in rows too: several receipts at once.
constexpr std::size_t receipts_at_once = 4;

bool has_shape(const queued_write& one, const std::string& shape) {
    return std::ranges::count(one.taken.what.shapes(), shape) > 0;
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
    writes_.date(settings_.clock.at(now));
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
    timeout_ms_ = settings_.statement_timeout_ms;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        timeout_ms_ = std::min(timeout_ms_, lane::statement_timeout_ms(settings_, writes_.write(index), now));
    }
    draft_.push(purpose::other, begin_transaction());
    draft_.push(purpose::guard, guard(settings_, timeout_ms_));
}

void batch::push_in_one_round() {
    auto& how = how_.emplace<one_round>(*notes_);
    how.run(writes_, draft_);
    push_closing();
    phase_ = phase::closing;
}

/// The catalogue is checked last: what changed after that is as if it had changed after the COMMIT.
void batch::push_closing() {
    if (auto record = ledger_.record(settings_, writes_)) draft_.push(purpose::record, std::move(*record));
    draft_.push(purpose::catalogue, check_catalogue(settings_));
    draft_.push(purpose::commit, commit());
    draft_.push(purpose::position, log_position());
}

std::size_t batch::rows_bound() const noexcept {
    return phase_ == phase::opening ? receipts_at_once * settings_.max_receipt_bytes : settings_.max_receipt_bytes;
}

std::optional<round> batch::on_replies(std::vector<reply> replies, time_point now) {
    if (phase_ == phase::over) return std::nullopt;
    writes_.date(settings_.clock.at(now));
    if (const auto fatal = fatal_reply(replies); fatal && !has_committed(replies)) {
        end_by(draft_.of_reply(*fatal));
        return std::nullopt;
    }
    if (phase_ == phase::closing) return on_closing(replies, now);
    keep_results(replies);
    const auto failed = first_failure(replies);
    const auto mismatch = writes_.first_mismatch();
    if (mismatch && (!failed || mismatch->write < draft_.of_reply(*failed).write)) {
        return set_apart({purpose::statement, mismatch->write, 0}, {mismatch->why.message, {}}, now);
    }
    if (failed) return on_failure(slot(draft_.of_reply(*failed)), replies[*failed], now);
    for (std::size_t at = 0; at < replies.size(); ++at) {
        const auto what = draft_.of_reply(at).what;
        if (what == purpose::look_up) ledger_.absorb(replies[at]);
        if (what == purpose::type_names) writes_.name_types(replies[at]);
    }
    return next_round();
}

void batch::keep_results(std::vector<reply>& replies) {
    for (std::size_t at = 0; at < replies.size(); ++at) {
        const auto& whose = draft_.of_reply(at);
        if (whose.what == purpose::statement) writes_.keep_result(whose.write, whose.statement, replies[at]);
    }
}

std::optional<round> batch::next_round() {
    draft_.begin();
    if (phase_ == phase::opening) {
        ledger_.settle_known(settings_, writes_);
        phase_ = phase::working;
        if (writes_.has_waiting()) {
            std::get<together>(how_).run(writes_, 0, draft_);
            return draft_.take();
        }
    }
    if (const auto unnamed = writes_.unnamed_types(); !unnamed.empty()) {
        draft_.push(purpose::type_names, ask_type_names(unnamed));
        return draft_.take();
    }
    writes_.mark_executed();
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
    if (where.what == purpose::statement) return set_apart(where, trouble_of(why), now);
    if (where.what == purpose::look_up) {
        if (!why.too_large && !sql::is_passing(why.sqlstate)) own_trouble_ = trouble_of(why, purpose::look_up);
        return set_all_apart(trouble_of(why, purpose::look_up));
    }
    return on_own_failure(where, why);
}

/// A command of ours failed that no write can make fail: they all wait for another turn.
std::optional<round> batch::on_own_failure(const slot& where, const reply& why) {
    if (where.what == purpose::guard && why.sqlstate == sql::fenced_sqlstate) {
        end_ = end::fenced;
        for (std::size_t index = 0; index < writes_.size(); ++index) {
            if (writes_.of(index).answer) continue;
            writes_.settle(index, undecided(write_verdict::handed_back,
                                            {errc::not_leader, "the database refused this leader: " + why.message}));
        }
    } else if (where.what == purpose::catalogue && why.sqlstate == other_catalogue_sqlstate) {
        end_ = end::stale;
    } else {
        needs_reconnect_ = !sql::is_passing(why.sqlstate);
        own_trouble_ = trouble_of(why, where.what);
        writes_.note_trouble(own_trouble_);
    }
    return roll_back();
}

/// All writes before this one succeeded. What ran since the last savepoint runs again without it, and then the rest.
std::optional<round> batch::set_apart(const slot& where, trouble why, time_point now) {
    const auto sqlstate = why.sqlstate;
    auto& how = std::get<together>(how_);
    const auto point = how.go_back(where.write);
    writes_.undo_from(point.from);
    writes_.set_apart(where.write, std::move(why));
    if (sql::is_passing(sqlstate)) {
        note_hold_up(where, sqlstate, point.from);
    } else {
        ++failed_[writes_.write(where.write).taken.what.shapes().at(where.statement)];
    }
    if (!writes_.has_waiting() && !writes_.has(write_state::settled)) return roll_back();
    draft_.begin();
    if (point.savepoint.empty()) {
        draft_.push(purpose::other, lane::roll_back());
        push_opening(now);
    } else {
        draft_.push(purpose::other, roll_back_to(point.savepoint));
    }
    how.run(writes_, point.from, draft_);
    return draft_.take();
}

/// When a second statement of its shape has held the batch up, the others of that shape do not run in it. Those before
/// `undone_from` have run and are kept.
void batch::note_hold_up(const slot& where, const std::string& sqlstate, std::size_t undone_from) {
    const bool locked = sql::is_conflict(sqlstate);
    if (!locked && timeout_ms_ < settings_.statement_timeout_ms) return;  // It was cut by somebody's deadline.
    const auto& shape = writes_.write(where.write).taken.what.shapes().at(where.statement);
    const auto spent =
        std::chrono::milliseconds(locked ? std::min(settings_.lock_timeout_ms, timeout_ms_) : timeout_ms_);
    const auto [found, is_first] = held_up_.emplace(shape, spent);
    if (is_first) return;
    found->second += spent;
    for (std::size_t index = undone_from; index < writes_.size(); ++index) {
        if (writes_.is_waiting(index) && has_shape(writes_.write(index), shape)) {
            writes_.set_apart(index, {"statements of its shape held the batch up", {}});
        }
    }
}

std::size_t batch::succeeded(const std::string& shape) const {
    std::size_t found = 0;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        if (!is_apart(index) && has_shape(writes_.write(index), shape)) ++found;
    }
    return found;
}

std::optional<round> batch::set_all_apart(const trouble& why) {
    writes_.set_apart_unsettled(why);
    return roll_back();
}

// The end.

std::optional<round> batch::on_closing(const std::vector<reply>& replies, time_point now) {
    if (has_committed(replies)) {
        on_committed(replies);
        return std::nullopt;
    }
    const auto failed = first_failure(replies);
    if (!failed) return set_all_apart({"PostgreSQL rolled the transaction back at COMMIT", {}});
    const auto where = draft_.of_reply(*failed);
    const auto& why = replies[*failed];
    switch (where.what) {
        case purpose::counted: return start_over(where, why, now);
        case purpose::record: return set_all_apart(trouble_of(why));
        case purpose::commit: break;
        default: return on_own_failure(where, why);
    }
    if (sql::leaves_commit_in_doubt(why.sqlstate)) writes_.doubt_executed();
    return set_all_apart(trouble_of(why));
}

/// Nothing of the one round was committed: the counts were others, or a statement failed. Which, shows when it runs as
/// it was given; but one that held the batch up does not do so again.
std::optional<round> batch::start_over(const slot& where, const reply& why, time_point now) {
    std::get<one_round>(how_).on_refused(writes_.write(where.write).statements()[where.statement], why);
    const bool held_up = sql::is_passing(why.sqlstate);
    auto& how = how_.emplace<together>(settings_.expect_failures || held_up);
    draft_.begin();
    ledger_.forget_record();
    writes_.undo_from(0);
    if (held_up) {
        writes_.set_apart(where.write, trouble_of(why));
        note_hold_up(where, why.sqlstate, 0);
        if (!writes_.has_waiting() && !writes_.has(write_state::settled)) return roll_back();
    }
    draft_.push(purpose::other, lane::roll_back());
    push_opening(now);
    phase_ = phase::working;
    how.run(writes_, 0, draft_);
    return draft_.take();
}

void batch::on_committed(const std::vector<reply>& replies) {
    end_ = end::committed;
    phase_ = phase::over;
    if (notes_ != nullptr && !std::holds_alternative<one_round>(how_)) one_round(*notes_).learn(writes_);
    ledger_.on_committed();
    std::uint64_t lsn = 0;
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (draft_.of_reply(at).what == purpose::position) lsn = log_position_in(replies[at]);
        needs_reconnect_ = needs_reconnect_ || !replies[at].done();
    }
    writes_.on_committed(lsn);
}

void batch::end_by(const slot& where) {
    const bool has_begun_commit = where.what == purpose::commit || where.what == purpose::position;
    const bool ran_none = where.what == purpose::guard || where.what == purpose::look_up;
    if (!has_begun_commit) phase_ = ran_none ? phase::opening : phase::working;
    on_lost();
}

void batch::on_lost() {
    needs_reconnect_ = true;
    end_ = phase_ == phase::closing ? end::in_doubt : has_run() ? end::lost : end::none;
    if (commit_in_doubt()) writes_.doubt_executed();
    phase_ = phase::over;
    writes_.withdraw_unproven();
}

}  // namespace penholder::lane
