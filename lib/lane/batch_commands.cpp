// The commands of a batch's rounds.
#include "base/mutation.hpp"
#include "batch.hpp"
#include "batch_rows.hpp"
#include "binary.hpp"

#include <array>

namespace penholder::lane {
namespace {

constexpr std::size_t careful_round_writes = 16;
constexpr std::size_t segment_writes = 16;
constexpr int least_timeout_ms = 20;
constexpr int sweep_rows = 1000;

/// What a function may have left in the session although the statement's text did not show it.
constexpr std::array<std::string_view, 5> tidying{"RESET SESSION AUTHORIZATION", "RESET ALL", "CLOSE ALL", "UNLISTEN *",
                                                  "DISCARD TEMP"};

/// Locks the fence and raises where it does not stand at the term.
constexpr auto guard_sql =
    "SELECT penholder.guard($1::text, $2::bigint), pg_catalog.set_config('statement_timeout', $3, true)";

/// The same without the lock: measured to let a deposed leader commit, and so here for the mutation only.
constexpr auto plain_guard_sql =
    "SELECT 1 / (SELECT CASE WHEN f.term = $2::bigint THEN 1 ELSE 0 END FROM penholder.standing($1::text) f), "
    "pg_catalog.set_config('statement_timeout', $3, true)";

command set_timeout(int ms) {
    return {.sql = "SELECT pg_catalog.set_config('statement_timeout', $1, true)", .params = {std::to_string(ms)}};
}

}  // namespace

void batch::push(purpose what, command sent, std::size_t write, std::size_t statement) {
    commands_.push_back(std::move(sent));
    slots_.push_back({what, write, statement});
}

void batch::push_opening(time_point now) {
    int timeout = settings_.statement_timeout_max_ms;
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        timeout = std::min(timeout, timeout_ms(index, now));
        fates_[index].bounded_by_deadline = timeout_ms(index, now) < settings_.statement_timeout_max_ms;
    }
    push(purpose::other, {.sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", .params = {}});
    push(purpose::guard, {.sql = mutated(mutation::plain_select_guard) ? plain_guard_sql : guard_sql,
                          .params = {settings_.group, std::to_string(settings_.held.value), std::to_string(timeout)}});
}

void batch::push_statements(std::size_t write, bool reuse) {
    const auto& statements = writes_[write].statements();
    for (std::size_t at = 0; at < statements.size(); ++at) {
        push(purpose::statement, {.sql = statements[at].sql(), .params = statements[at].params(), .reuse = reuse},
             write, at);
    }
}

/// All writes from `from` on that have not run. Where failures are to be expected there is a savepoint now and then.
void batch::push_waiting(std::size_t from) {
    std::size_t pushed = 0;
    for (std::size_t index = from; index < writes_.size(); ++index) {
        if (fates_[index].stage != stage::waiting) continue;
        const bool begins_segment = pushed++ % segment_writes == 0;
        const bool is_there = !savepoints_.empty() && savepoints_.back() == from && pushed == 1;
        if (begins_segment && !is_there && (stumbled_ || settings_.failures_expected)) {
            savepoints_.push_back(index);
            push(purpose::other, {.sql = "SAVEPOINT " + last_savepoint(), .params = {}});
        }
        push_statements(index, true);
    }
}

/// Few names, so that the commands stay prepared.
std::string batch::last_savepoint() const {
    return "s" + std::to_string(savepoints_.size());
}

/// Some writes from `next_` on, each behind a savepoint of its own, its constraints checked before the next one's turn.
void batch::push_careful(time_point now) {
    for (std::size_t taken = 0; next_ < writes_.size() && taken < careful_round_writes; ++next_) {
        auto& one = fates_[next_];
        if (one.stage != stage::waiting) continue;
        ++taken;
        const auto name = "w" + std::to_string(next_);
        const int timeout = timeout_ms(next_, now);
        one.bounded_by_deadline = timeout < settings_.statement_timeout_max_ms;
        push(purpose::other, {.sql = "SAVEPOINT " + name, .params = {}, .reuse = false});
        push(purpose::other, set_timeout(timeout));
        push_statements(next_, false);
        push(purpose::check, {.sql = "SET CONSTRAINTS ALL IMMEDIATE", .params = {}, .reuse = false}, next_);
        push(purpose::other, {.sql = "SET CONSTRAINTS ALL DEFERRED", .params = {}, .reuse = false});
    }
}

void batch::push_closing() {
    const auto rows = rows_to_record();
    if (careful_) push(purpose::other, set_timeout(settings_.statement_timeout_max_ms));
    if (!rows.empty()) {
        push(purpose::record,
             {.sql = "SELECT penholder.record($1::text, $2::bigint, $3::text[], $4::bytea[], $5::bytea[], $6::text[], "
                     "$7::bytea[])",
              .params = {settings_.group, int8_bytes(settings_.held.value), text_array_bytes(rows.keys),
                         bytea_array_bytes(rows.fingerprints), bytea_array_bytes(rows.receipts),
                         text_array_bytes(rows.origins), bytea_array_bytes(rows.states)},
              .binary = true});
    }
    if (writes_.empty()) {
        push(purpose::record, {.sql = "SELECT penholder.sweep($1, pg_catalog.make_interval(secs => $2), "
                                      "pg_catalog.make_interval(secs => $3), $4)",
                               .params = {settings_.group, std::to_string(settings_.key_retention_s),
                                          std::to_string(settings_.origin_retention_s), std::to_string(sweep_rows)}});
    }
    push(purpose::commit, {.sql = "COMMIT", .params = {}});
    push(purpose::position,
         {.sql = "SELECT pg_catalog.pg_current_wal_lsn(), pg_catalog.pg_advisory_unlock_all()", .params = {}});
    for (const auto one : tidying) push(purpose::tidy, {.sql = std::string(one), .params = {}});
}

int batch::timeout_ms(std::size_t index, time_point now) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(writes_[index].deadline() - now).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, least_timeout_ms, settings_.statement_timeout_max_ms));
}

}  // namespace penholder::lane
