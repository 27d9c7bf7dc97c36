#include "session_transaction.hpp"

#include "batch_commands.hpp"
#include "refusal.hpp"
#include "replies.hpp"
#include "sql/sqlstate.hpp"

#include <limits>
#include <string_view>
#include <utility>

namespace penholder::lane {
namespace {

constexpr std::string_view unique_violation = "23505";

constexpr auto before_probe = "penholder_probe";

/// Of what a receipt may hold, so much is given to each that is not known to need more.
constexpr std::size_t shares_of_room = 8;

std::vector<queued_write> only(queued_write one) {
    std::vector<queued_write> made;
    made.push_back(std::move(one));
    return made;
}

/// Most likely nobody has used its key before, so its statements need not wait for what the ledger knows of it.
bool is_new_key(const queued_write& one) {
    return one.given() == nullptr && !one.taken.again && !one.doubtful && !one.condemned;
}

}  // namespace

session_transaction::session_transaction(batch_settings settings, queued_write one)
    : settings_(std::move(settings)),
      writes_(only(std::move(one))),
      origins_(std::make_unique<origin_cache>()),
      ledger_(*origins_, ledger_check::by::session),
      draft_(leaves_nothing()) {}

round session_transaction::begin(time_point now) {
    began_ = now;
    writes_.date(settings_.clock.at(now));
    push_opening(now);
    if (is_new_key(write())) {
        draft_.push(purpose::expect_new, expect_new(settings_, write().id()));
        return run();
    }
    if (ledger_.needs_look_up(writes_)) {
        draft_.push(purpose::look_up, ledger_.look_up(settings_, writes_));
        return draft_.take();
    }
    return run();
}

void session_transaction::push_opening(time_point now) {
    draft_.push(purpose::other, begin_transaction());
    draft_.push(purpose::guard, guard(settings_, statement_timeout_ms(settings_, write(), now)));
}

/// What goes behind the opening.
round session_transaction::run() {
    if (const auto& why = write().condemned) {
        writes_.reject(0, *why);
        return close_rejected();
    }
    const auto& statements = write().statements();
    for (std::size_t at = 0; at < statements.size(); ++at) {
        const bool may_hold_escapes = statements[at].sql().find('\\') != std::string::npos;
        if (at > 0 && may_hold_escapes) draft_.push(purpose::other, read_strings_as_screened());
        draft_.push_statement(0, statements, at, true);
    }
    phase_ = phase::running;
    return draft_.take();
}

/// What goes before COMMIT.
void session_transaction::push_closing() {
    record_ = ledger_.record(settings_, writes_);
    if (record_) draft_.push(purpose::record, *record_);
    if (leaves_nothing()) draft_.push(purpose::catalogue, check_catalogue(settings_));
}

/// What the ledger answers is one receipt, or all of an origin's: it is not a write's to bound.
std::size_t session_transaction::rows_bound() const noexcept {
    if (!write().large_answer) return settings_.max_receipt_bytes / shares_of_room;
    return phase_ == phase::opening ? std::numeric_limits<std::size_t>::max() : settings_.max_receipt_bytes;
}

std::optional<round> session_transaction::on_replies(std::vector<reply> replies, time_point now) {
    writes_.date(settings_.clock.at(now));
    const auto fatal = fatal_reply(replies);
    if (fatal && phase_ != phase::over && !has_committed(replies)) end_by(*fatal, replies[*fatal]);
    switch (phase_) {
        case phase::opening: return on_opened(replies);
        case phase::running: return on_run(replies, now);
        case phase::closing: return on_closed(replies, now);
        case phase::rejecting: return on_rejected(replies);
        case phase::undoing: phase_ = phase::over; return std::nullopt;
        case phase::over: break;
    }
    return std::nullopt;
}

std::optional<round> session_transaction::on_opened(const std::vector<reply>& replies) {
    if (const auto failed = first_failure(replies)) {
        const auto& why = replies[*failed];
        return why.too_large ? on_too_large(why) : on_own_failure(*failed, why);
    }
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (draft_.of_reply(at).what == purpose::look_up) ledger_.absorb(replies[at]);
    }
    ledger_.settle_known(settings_, writes_);
    draft_.begin();
    return writes_.has_waiting() ? run() : close();
}

std::optional<round> session_transaction::on_run(std::vector<reply>& replies, time_point now) {
    if (const auto failed = first_failure(replies)) {
        const auto where = draft_.of_reply(*failed);
        const auto& why = replies[*failed];
        if (where.what == purpose::expect_new && why.sqlstate == decided_sqlstate) return look_again(why);
        if (where.what != purpose::statement) return on_own_failure(*failed, why);
        if (!why.too_large) return fail(why, where.statement, now);
        if (!write().large_answer) return on_too_large(why);
        return reject({errc::statement_failed,
                       "statement " + std::to_string(where.statement) + " returns more than max_receipt_bytes (" +
                           std::to_string(settings_.max_receipt_bytes) + "); the write was rolled back",
                       {},
                       where.statement},
                      now);
    }
    for (std::size_t at = 0; at < replies.size(); ++at) {
        const auto& whose = draft_.of_reply(at);
        if (whose.what == purpose::statement) writes_.keep_result(0, whose.statement, replies[at]);
        if (whose.what == purpose::type_names) writes_.name_types(replies[at]);
    }
    if (auto mismatch = writes_.first_mismatch()) return reject(std::move(mismatch->why), now);
    draft_.begin();
    if (const auto unnamed = writes_.unnamed_types(); !unnamed.empty()) {
        draft_.push(purpose::type_names, ask_type_names(unnamed));
        return draft_.take();
    }
    writes_.mark_executed();
    return close();
}

round session_transaction::close() {
    push_closing();
    draft_.push(purpose::commit, commit());
    draft_.push(purpose::position, log_position());
    phase_ = phase::closing;
    return draft_.take();
}

std::optional<round> session_transaction::on_closed(const std::vector<reply>& replies, time_point now) {
    if (has_committed(replies)) {
        on_committed(replies);
        return std::nullopt;
    }
    const auto failed = first_failure(replies);
    const auto why = failed ? replies[*failed] : reply{};
    if (failed && is_stale(*failed, why)) return on_stale(why);
    const auto what = failed ? draft_.of_reply(*failed).what : purpose::commit;
    if (!writes_.has(write_state::executed)) return try_again(trouble_of(why, what));
    if (what == purpose::record && why.sqlstate == unique_violation) return look_again(why);
    if (what == purpose::record || what == purpose::catalogue) return blame(what, why, now);
    // If it has taken effect all the same, its row is there: the rejection's record will clash with it.
    if (sql::leaves_commit_in_doubt(why.sqlstate)) write().doubtful = true;
    if (failed) return fail(why, std::nullopt, now);
    return reject({errc::statement_failed, "PostgreSQL rolled the transaction back at COMMIT", {}, {}}, now);
}

round session_transaction::close_rejected() {
    push_closing();
    draft_.push(purpose::commit, commit());
    phase_ = phase::rejecting;
    return draft_.take();
}

void session_transaction::on_committed(const std::vector<reply>& replies) {
    committed_ = true;
    left_nothing_ = leaves_nothing();
    phase_ = phase::over;
    std::uint64_t lsn = 0;
    for (std::size_t at = 0; at < replies.size(); ++at) {
        if (draft_.of_reply(at).what == purpose::position) lsn = log_position_in(replies[at]);
        if (!replies[at].done()) loss_ = loss::for_no_fault_of_its_own;
    }
    writes_.on_committed(lsn);
}

// What failed.

/// A command of ours failed that the write cannot make fail.
std::optional<round> session_transaction::on_own_failure(std::size_t at, const reply& why) {
    if (draft_.of_reply(at).what == purpose::guard && why.sqlstate == sql::fenced_sqlstate) {
        fenced_ = true;
        writes_.settle(0, undecided(write_verdict::handed_back,
                                    {errc::not_leader, "the database refused this leader: " + why.message}));
        phase_ = phase::over;
        return std::nullopt;
    }
    auto ours = trouble_of(why, draft_.of_reply(at).what);
    if (sql::is_passing(why.sqlstate)) return try_again(std::move(ours));
    write().trouble = std::move(ours);
    loss_ = loss::for_no_fault_of_its_own;
    phase_ = phase::over;
    return std::nullopt;
}

/// Whether the time that it was given has ended, which was all that was left to its deadline. The server's clock may
/// run a little faster than ours.
bool session_transaction::is_late(time_point now) const {
    return now + (now - began_) / 16 >= write().deadline();
}

std::optional<round> session_transaction::fail(const reply& why, std::optional<std::size_t> statement, time_point now) {
    if (sql::is_conflict(why.sqlstate)) return try_again(trouble_of(why));
    if (why.sqlstate == sql::cancelled_sqlstate && is_late(now)) {
        writes_.settle(0, undecided(write_verdict::handed_back,
                                    {errc::deadline_expired,
                                     "the write's deadline ended while it was running; it was rolled back" +
                                         write().wait_text()}));
        return undo();
    }
    return reject(refusal(why, statement, settings_.error_detail), now);
}

std::optional<round> session_transaction::reject(reason why, time_point now, std::optional<command> probe) {
    writes_.reject(0, std::move(why));
    draft_.begin();
    draft_.push(purpose::other, lane::roll_back());
    push_opening(now);
    probing_ = probe.has_value();
    if (probe) {
        draft_.push(purpose::other, set_savepoint(before_probe));
        draft_.push(purpose::probe, std::move(*probe));
        draft_.push(purpose::other, roll_back_to(before_probe));
    }
    return close_rejected();
}

/// The write, where the command that failed behind it succeeds without it.
std::optional<round> session_transaction::blame(purpose which, const reply& why, time_point now) {
    const bool waits = sql::is_conflict(why.sqlstate) || (why.sqlstate == sql::cancelled_sqlstate && is_late(now));
    if (waits) return fail(why, std::nullopt, now);
    probed_ = which;
    auto again = which == purpose::record ? std::move(record_) : check_catalogue(settings_);
    return reject({errc::statement_failed, why.message, why.sqlstate, std::nullopt}, now, std::move(again));
}

std::optional<round> session_transaction::on_rejected(const std::vector<reply>& replies) {
    if (has_committed(replies)) {
        committed_ = true;
        left_nothing_ = leaves_nothing();
        phase_ = phase::over;
        writes_.on_committed(0);
        return std::nullopt;
    }
    const auto failed = first_failure(replies);
    if (failed && is_stale(*failed, replies[*failed])) return on_stale(replies[*failed]);
    const bool was_ours = failed && draft_.of_reply(*failed).what == purpose::probe;
    if (was_ours) return try_again(trouble_of(replies[*failed], probed_));
    write().condemned = writes_.of(0).why;
    if (!failed) return try_again({"PostgreSQL rolled the transaction back at COMMIT", {}});
    const auto& why = replies[*failed];
    const auto what = draft_.of_reply(*failed).what;
    if (what == purpose::record && why.sqlstate == unique_violation) return look_again(why);
    if (what == purpose::commit && sql::leaves_commit_in_doubt(why.sqlstate)) write().doubtful = true;
    return what == purpose::record || what == purpose::commit ? try_again(trouble_of(why, what))
                                                              : on_own_failure(*failed, why);
}

/// Its rows, or what the ledger keeps of it, are more than its share of the room.
std::optional<round> session_transaction::on_too_large(const reply& why) {
    write().large_answer = true;
    again_ = retry::with_room;
    return try_again(trouble_of(why));
}

bool session_transaction::is_stale(std::size_t at, const reply& why) const {
    return draft_.of_reply(at).what == purpose::catalogue && why.sqlstate == other_catalogue_sqlstate;
}

/// What it was judged by is true no more, and so may be what failed: a plan that was kept may not fit any more.
std::optional<round> session_transaction::on_stale(const reply& why) {
    again_ = retry::under_another_catalogue;
    return try_again(trouble_of(why));
}

/// Another attempt has decided it meanwhile: the ledger says how.
std::optional<round> session_transaction::look_again(const reply& why) {
    again_ = retry::as_decided_before;
    write().doubtful = true;
    write().condemned.reset();
    return try_again(trouble_of(why));
}

std::optional<round> session_transaction::try_again(trouble why) {
    write().trouble = std::move(why);
    writes_.withdraw_unproven();
    return undo();
}

round session_transaction::undo() {
    draft_.begin();
    draft_.push(purpose::other, lane::roll_back());
    phase_ = phase::undoing;
    return draft_.take();
}

// Losses.

void session_transaction::end_by(std::size_t at, const reply& fatal) {
    write().trouble = trouble_of(fatal);
    const auto what = draft_.of_reply(at).what;
    const bool has_begun_commit = what == purpose::commit || what == purpose::position;
    if (phase_ == phase::running && what != purpose::statement) phase_ = phase::opening;
    if (phase_ == phase::closing && !has_begun_commit) phase_ = phase::running;
    on_lost();
}

void session_transaction::on_lost() {
    const bool ran = phase_ == phase::running || (phase_ == phase::closing && writes_.has(write_state::executed));
    if (commit_sent()) write().doubtful = true;
    if (phase_ == phase::rejecting && !probing_) write().condemned = writes_.of(0).why;
    loss_ = ran ? loss::while_it_ran : loss::for_no_fault_of_its_own;
    phase_ = phase::over;
    writes_.withdraw_unproven();
}

}  // namespace penholder::lane
