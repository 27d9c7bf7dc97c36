#include "batch_commands.hpp"

#include "binary.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

constexpr int least_timeout_ms = 20;

constexpr auto guard_sql =
    "SELECT penholder.guard($1::pg_catalog.text, $2::pg_catalog.int8, $3::pg_catalog.int4), "
    "pg_catalog.set_config('statement_timeout', $4, true), pg_catalog.set_config('lock_timeout', $5, true)";

}  // namespace

command begin_transaction() {
    return {.sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", .params = {}};
}

command guard(const batch_settings& settings, int statement_timeout_ms) {
    const auto lock_timeout_ms = std::min(settings.lock_timeout_ms, statement_timeout_ms);
    return {.sql = guard_sql,
            .params = {settings.group, std::to_string(settings.held.value), std::to_string(settings.slot.value),
                       std::to_string(statement_timeout_ms), std::to_string(lock_timeout_ms)}};
}

int statement_timeout_ms(const batch_settings& settings, const queued_write& of,
                         std::chrono::steady_clock::time_point now) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(of.deadline() - now).count();
    return static_cast<int>(
        std::clamp<std::int64_t>(left, least_timeout_ms, std::max(least_timeout_ms, settings.statement_timeout_ms)));
}

command check_catalogue(const batch_settings& settings) {
    return {.sql = "SELECT penholder.check_catalogue($1::pg_catalog.int8)",
            .params = {std::to_string(settings.catalogue.value)}};
}

command read_catalogue() {
    return {.sql = "SELECT penholder.catalogue_stamp()", .params = {}};
}

command read_strings_as_screened() {
    return {.sql = "SET LOCAL standard_conforming_strings = on", .params = {}};
}

command ask_type_names(const std::vector<unnamed_type>& types) {
    std::vector<std::uint32_t> oids;
    std::vector<std::int32_t> modifiers;
    for (const auto& one : types) {
        oids.push_back(one.oid);
        modifiers.push_back(one.modifier);
    }
    return {.sql =
                "SELECT pg_catalog.format_type(($1::pg_catalog.oid[])[i], ($2::pg_catalog.int4[])[i]) "
                "FROM pg_catalog.generate_subscripts($1::pg_catalog.oid[], 1) AS every (i)",
            .params = {to_parameter(oids), to_parameter(modifiers)}};
}

command set_savepoint(const std::string& name) {
    return {.sql = "SAVEPOINT " + name, .params = {}};
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
    return {.sql = "SELECT pg_catalog.pg_current_wal_lsn()", .params = {}};
}

/// PostgreSQL takes it in no transaction block, so it goes in a round of its own.
command clean_session() {
    return {.sql = "DISCARD ALL", .params = {}, .reuse = false};
}

command expect_new(const batch_settings& settings, const std::string& key) {
    return {.sql = "SELECT penholder.expect_new($1::pg_catalog.text, $2::pg_catalog.text)",
            .params = {settings.group, key}};
}

command look_up(const batch_settings& settings, const std::vector<std::string>& keys,
                const std::vector<std::string>& origins) {
    return {.sql =
                "SELECT kind, id, fingerprint, content "
                "FROM penholder.look_up($1::pg_catalog.text, $2::pg_catalog.text[], $3::pg_catalog.text[])",
            .params = {settings.group, text_array_bytes(keys), text_array_bytes(origins)},
            .binary = true};
}

command record(const batch_settings& settings, const ledger_rows& rows) {
    return {.sql =
                "SELECT penholder.record($1::pg_catalog.text, $2::pg_catalog.int8, $3::pg_catalog.text[], "
                "$4::pg_catalog.bytea[], $5::pg_catalog.bytea[], $6::pg_catalog.text[], $7::pg_catalog.bytea[])",
            .params = {settings.group, int8_bytes(settings.held.value), text_array_bytes(rows.keys),
                       bytea_array_bytes(rows.fingerprints), bytea_array_bytes(rows.receipts),
                       text_array_bytes(rows.origins), bytea_array_bytes(rows.states)},
            .binary = true};
}

command tend_catalogue() {
    return {.sql = "SELECT penholder.tend_catalogue()", .params = {}};
}

command sweep_ledger(const batch_settings& settings, const sweep_step& step) {
    auto origin_age = step.first ? std::optional(std::to_string(settings.origin_retention_s)) : std::nullopt;
    return {.sql =
                "SELECT forgotten, swept_to, more FROM penholder.sweep($1, pg_catalog.make_interval(secs => $2), "
                "pg_catalog.make_interval(secs => $3), $4, $5)",
            .params = {settings.group, std::to_string(settings.key_retention_s), std::move(origin_age),
                       std::to_string(sweep_pacing::step_keys), std::to_string(step.from)}};
}

}  // namespace penholder::lane
