#include "one_round.hpp"

#include <algorithm>
#include <string_view>

namespace penholder::lane {
namespace {

/// Counting costs the database a few microseconds for each statement; a second round costs more than that many of them.
constexpr std::size_t most_writes = 8;
constexpr int skips_after_other_count = 4;
constexpr int skips_after_refusal = 64;
constexpr std::size_t most_parameters = 65535;  ///< Of one statement, by PostgreSQL's protocol; one is ours.
constexpr std::string_view division_by_zero = "22012";
constexpr std::string_view feature_not_supported = "0A000";

}  // namespace

bool one_round::fits(const batch_writes& all, const batch_settings& settings) {
    if (all.size() > most_writes || settings.expect_failures || !all.has_waiting()) return false;
    bool fits = true;
    for (std::size_t index = 0; index < all.size(); ++index) {
        for (const auto& what : all.write(index).statements()) {
            auto& note = notes_->of(what.sql());
            fits = fits && note.countable && note.skip_row_count == 0 && what.params().size() < most_parameters &&
                   (what.expected_rows() || note.rows);
            note.skip_row_count = std::max(note.skip_row_count - 1, 0);
        }
    }
    return fits;
}

void one_round::run(batch_writes& all, round_draft& into) {
    for (std::size_t index = 0; index < all.size(); ++index) {
        if (!all.is_waiting(index)) continue;
        const auto& statements = all.write(index).statements();
        for (std::size_t at = 0; at < statements.size(); ++at) {
            const auto& what = statements[at];
            const auto rows = what.expected_rows() ? *what.expected_rows() : notes_->of(what.sql()).rows.value();
            auto params = what.params();
            params.push_back(std::to_string(rows));
            into.push(purpose::counted,
                      {.sql = counted_statement(what.sql(), what.params().size()), .params = std::move(params)}, index,
                      at);
            all.of(index).results.push_back({rows, {}, {}});
        }
        all.of(index).state = write_state::executed;
    }
}

/// PostgreSQL does not let every statement be counted: not on tables with rules, nor with parameters whose type only
/// the bare statement shows. Any other failure is the write's own.
void one_round::on_refused(const statement& which, const reply& why) {
    auto& note = notes_->of(which.sql());
    if (why.sqlstate == division_by_zero) note.skip_row_count = skips_after_other_count;
    if (why.sqlstate.starts_with("42") || why.sqlstate == feature_not_supported) {
        note.skip_row_count = skips_after_refusal;
    }
}

void one_round::learn(const batch_writes& all) {
    if (all.size() > most_writes) return;
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto& statements = all.write(index).statements();
        const auto& results = all.of(index).recorded.statements;
        for (std::size_t at = 0; at < std::min(statements.size(), results.size()); ++at) {
            notes_->of(statements[at].sql()).rows = results[at].rows_affected;
        }
    }
}

}  // namespace penholder::lane
