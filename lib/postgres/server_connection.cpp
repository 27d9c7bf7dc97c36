#include "server_connection.hpp"

#include "schema.hpp"

namespace penholder::postgres {
namespace {

/// What is set by us must have arrived. `session_replication_role` only superusers may set, and another than `origin`
/// leaves out the triggers that keep foreign keys.
constexpr auto look_at_server =
    "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.to_regprocedure('penholder.version()') IS NOT NULL, "
    "(SELECT pg_catalog.string_agg(pg_catalog.format('%s is %s, not %s', s.name, "
    "pg_catalog.current_setting(s.name), s.wanted), ', ') FROM (VALUES ('client_encoding', 'UTF8'), "
    "('standard_conforming_strings', 'on'), ('session_replication_role', 'origin'), "
    "('default_transaction_isolation', 'read committed'), ('default_transaction_read_only', 'off')) "
    "AS s (name, wanted) WHERE pg_catalog.current_setting(s.name) <> s.wanted)";

result<> check_version(pqxx::nontransaction& work) {
    const auto version = work.exec("SELECT penholder.version()")[0][0].as<int>();
    if (version > schema_version) {
        return error{errc::schema_unknown, "schema penholder has version " + std::to_string(version) +
                                               ", this program knows " + std::to_string(schema_version) +
                                               "; use a newer penholder"};
    }
    if (version < schema_version) {
        return error{errc::schema_unknown, "schema penholder has the old version " + std::to_string(version) +
                                               "; run `penholder init` to bring it to " +
                                               std::to_string(schema_version)};
    }
    return {};
}

/// In libpq's `options` a blank inside a value is written with a backslash.
std::string pinned_settings(const group_options& group) {
    return "-c lock_timeout=" + std::to_string(group.lock_timeout_ms) +
           " -c statement_timeout=" + std::to_string(group.statement_timeout_max_ms) +
           " -c standard_conforming_strings=on -c client_min_messages=error"
           " -c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off";
}

}  // namespace

/// What libpq finds wrong with an option it repeats; the server's own errors begin otherwise.
error unreachable(const std::string& why) {
    const auto shown = why.starts_with("invalid ") ? without_values(why) : why;
    return {errc::database_unreachable, "the database cannot be used: " + one_line(shown)};
}

error to_error(const std::exception& thrown) {
    if (const auto* sql = dynamic_cast<const pqxx::sql_error*>(&thrown); sql != nullptr && sql->sqlstate() == "42501") {
        return {errc::unauthorized, "the database refused: " + one_line(thrown.what()) +
                                        "; run `penholder init --lane-role` for the role that connects"};
    }
    return unreachable(thrown.what());
}

std::chrono::milliseconds question_limit(const group_options& group) {
    return std::chrono::milliseconds(group.connect_timeout_ms);
}

result<std::unique_ptr<raw_connection>> connect(const group_options& group, const std::string& purpose) {
    auto defaults = connection_defaults(group.connect_timeout_ms, "penholder " + purpose + " " + group.name);
    defaults["target_session_attrs"] = "primary";
    const auto conninfo =
        complete_conninfo(group.database, defaults, {{"client_encoding", "UTF8"}, {"options", pinned_settings(group)}});
    if (!conninfo) return conninfo.error();
    return guarded(
        [&]() -> result<std::unique_ptr<raw_connection>> { return std::make_unique<raw_connection>(*conninfo); });
}

result<> check_server(raw_connection& connection) {
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        const auto seen = work.exec(look_at_server)[0];
        if (seen[0].as<bool>()) return unreachable("it is a standby; name the primary too");
        if (!seen[2].is_null()) {
            return unreachable("the connection is not as Penholder needs it: " + std::string(seen[2].c_str()) +
                               "; change what sets it: the role, the database, or a pooler that drops `options`");
        }
        if (!seen[1].as<bool>()) {
            return error{errc::schema_missing,
                         "the database has no schema penholder; run `penholder init` against it once"};
        }
        return check_version(work);
    });
}

/// No fence is ever at term -1, and nothing is looked up or recorded, so nothing changes.
result<> prime(raw_connection& connection, const std::string& group) {
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        const auto name = work.quote(group);
        work.exec("SELECT penholder.raise_fence(" + name + ", -1, '', '')");
        const auto refused =
            "BEGIN PERFORM penholder.guard(" + name + ", -1, 0); EXCEPTION WHEN SQLSTATE 'PH001' THEN NULL; END";
        work.exec("DO " + work.quote(refused));
        work.exec("SELECT penholder.catalogue_stamp() FROM penholder.standing(" + name + ")");
        work.exec("SELECT * FROM penholder.look_up(" + name + ", '{}', '{}')");
        work.exec("SELECT penholder.record(" + name + ", 0, '{}', '{}', '{}', '{}', '{}')");
        return {};
    });
}

}  // namespace penholder::postgres
