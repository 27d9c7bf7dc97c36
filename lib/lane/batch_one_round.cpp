// A batch that is sent whole: statements, record and COMMIT in a single round.
#include "batch.hpp"
#include "sql/sqlstate.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

/// Counting costs the database a few microseconds for each statement; a second round costs more than that many of them.
constexpr std::size_t most_writes = 8;
constexpr int tries_without_after_other_count = 4;
constexpr int tries_without_after_refusal = 64;
constexpr std::string_view division_by_zero = "22012";
constexpr std::string_view feature_not_supported = "0A000";

}  // namespace

bool batch::fits_one_round() {
    if (notes_ == nullptr || !has_waiting() || writes_.size() > most_writes || settings_.failures_expected)
        return false;
    bool fits = true;
    for (const auto& one : writes_) {
        for (const auto& what : one.statements()) {
            auto& note = notes_->of(what.sql());
            fits = fits && note.countable && note.skip_row_count == 0;
            note.skip_row_count = std::max(note.skip_row_count - 1, 0);
        }
    }
    return fits;
}

void batch::push_in_one_round() {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        auto& one = fates_[index];
        if (one.stage != stage::waiting) continue;
        const auto& statements = writes_[index].statements();
        for (std::size_t at = 0; at < statements.size(); ++at) {
            const auto& what = statements[at];
            const auto rows = what.expected_rows().value_or(notes_->of(what.sql()).rows);
            auto params = what.params();
            params.push_back(std::to_string(rows));
            push(purpose::counted,
                 {.sql = counted_statement(what.sql(), what.params().size()), .params = std::move(params)}, index, at);
            one.results.push_back({rows, {}, {}});
        }
        one.stage = stage::executed;
    }
    push_closing();
    one_round_ = true;
    phase_ = phase::closing;
}

/// Nothing was committed, whatever the reason: the guard refused, the counts were others, a statement failed.
std::optional<round> batch::start_over(const slot& where, const reply& why, time_point now) {
    one_round_ = false;
    if (where.what == purpose::commit) return on_closing_failure(why, now);
    needs_reconnect_ = needs_reconnect_ || sql::is_environment(why.sqlstate);
    if (where.what != purpose::counted) return on_opening_failure(why);
    distrust(where, why);
    slots_.clear();
    staged_.clear();
    undo_from(0);
    push(purpose::other, {.sql = "ROLLBACK", .params = {}, .reuse = false});
    push_opening(now);
    push_waiting(0);
    phase_ = phase::working;
    return take_round();
}

/// A statement that is not always good for the same count, or that PostgreSQL does not let be counted (tables with
/// rules, parameters whose type only the bare statement shows). Any other failure is the write's own.
void batch::distrust(const slot& where, const reply& why) {
    auto& note = notes_->of(writes_[where.write].statements()[where.statement].sql());
    if (why.sqlstate == division_by_zero) note.skip_row_count = tries_without_after_other_count;
    if (why.sqlstate.starts_with("42") || why.sqlstate == feature_not_supported) {
        note.skip_row_count = tries_without_after_refusal;
    }
}

/// What a few writes did, they will probably do again.
void batch::note_row_counts() {
    if (notes_ == nullptr || writes_.size() > most_writes) return;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        const auto& statements = writes_[index].statements();
        const auto& results = fates_[index].recorded.statements;
        for (std::size_t at = 0; at < std::min(statements.size(), results.size()); ++at) {
            notes_->of(statements[at].sql()).rows = results[at].rows_affected;
        }
    }
}

}  // namespace penholder::lane
