#include "batch_commands.hpp"

#include "binary.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

constexpr int sweep_rows = 1000;
constexpr int least_timeout_ms = 20;

constexpr auto guard_sql =
    "SELECT penholder.guard($1::text, $2::bigint), pg_catalog.set_config('statement_timeout', $3, true)";

}  // namespace

command begin_transaction() {
    return {.sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", .params = {}};
}

command guard(const batch_settings& settings, int statement_timeout_ms) {
    return {.sql = guard_sql,
            .params = {settings.group, std::to_string(settings.held.value), std::to_string(statement_timeout_ms)}};
}

command set_timeout(int ms) {
    return {.sql = "SELECT pg_catalog.set_config('statement_timeout', $1, true)", .params = {std::to_string(ms)}};
}

int statement_timeout_ms(const batch_settings& settings, const queued_write& of,
                         std::chrono::steady_clock::time_point now) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(of.deadline() - now).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, least_timeout_ms, settings.statement_timeout_max_ms));
}

command set_savepoint(const std::string& name, bool reuse) {
    return {.sql = "SAVEPOINT " + name, .params = {}, .reuse = reuse};
}

command roll_back() {
    return {.sql = "ROLLBACK", .params = {}, .reuse = false};
}

command roll_back_to(const std::string& savepoint) {
    return {.sql = "ROLLBACK TO SAVEPOINT " + savepoint, .params = {}, .reuse = false};
}

command commit() {
    return {.sql = "COMMIT", .params = {}};
}

command log_position() {
    return {.sql = "SELECT pg_catalog.pg_current_wal_lsn(), pg_catalog.pg_advisory_unlock_all()", .params = {}};
}

command look_up(const batch_settings& settings, const std::vector<std::string>& keys,
                const std::vector<std::string>& origins) {
    return {.sql =
                "SELECT kind, id, fingerprint, content "
                "FROM penholder.look_up($1::text, $2::text[], $3::text[])",
            .params = {settings.group, text_array_bytes(keys), text_array_bytes(origins)},
            .binary = true};
}

command record(const batch_settings& settings, const ledger_rows& rows) {
    return {.sql =
                "SELECT penholder.record($1::text, $2::bigint, $3::text[], $4::bytea[], $5::bytea[], $6::text[], "
                "$7::bytea[])",
            .params = {settings.group, int8_bytes(settings.held.value), text_array_bytes(rows.keys),
                       bytea_array_bytes(rows.fingerprints), bytea_array_bytes(rows.receipts),
                       text_array_bytes(rows.origins), bytea_array_bytes(rows.states)},
            .binary = true};
}

command sweep_ledger(const batch_settings& settings) {
    return {.sql =
                "SELECT penholder.sweep($1, pg_catalog.make_interval(secs => $2), "
                "pg_catalog.make_interval(secs => $3), $4)",
            .params = {settings.group, std::to_string(settings.key_retention_s),
                       std::to_string(settings.origin_retention_s), std::to_string(sweep_rows)}};
}

}  // namespace penholder::lane
