#include "diagnosis.hpp"

#include "schema.hpp"
#include "server_connection.hpp"

#include <libpq-fe.h>

#include <string_view>

namespace penholder::postgres {
namespace {

using findings = std::vector<finding>;

/// As libpq has it, so at this end of what may be a pooler.
finding look_at_encryption(const raw_connection& connection, const std::string& conninfo) {
    auto* const handle = connection.handle();
    const auto attribute = [&](const char* name) {
        const auto* value = PQsslAttribute(handle, name);
        return std::string(value != nullptr ? value : "?");
    };
    const std::string how = PQsslInUse(handle) == 1
                                ? "is encrypted: " + attribute("protocol") + ", " + attribute("cipher")
                                : "is plain text";
    const auto unproven = unproven_servers(conninfo);
    if (!unproven) return {severity::good, "connection", how, {}};
    const auto advice = unproven->find("; write ");
    return {severity::warning, "connection", how + ", and " + unproven->substr(0, advice),
            unproven->substr(advice + 2)};
}

finding look_at_role(pqxx::nontransaction& work) {
    const auto row = work.exec(
        "SELECT current_user, rolsuper, pg_has_role(current_user, nspowner, 'USAGE'), "
        "has_table_privilege(current_user, 'penholder.fence', 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "OR has_table_privilege(current_user, 'penholder.keys', 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "OR has_table_privilege(current_user, 'penholder.origins', 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "FROM pg_namespace, pg_roles WHERE nspname = 'penholder' AND rolname = current_user")[0];
    const bool open = row[1].as<bool>() || row[2].as<bool>() || row[3].as<bool>();
    const auto role = "role '" + std::string(row[0].c_str()) + "'";
    if (auto missing = missing_rights(work)) {
        return {severity::trouble, "rights", std::move(*missing), "no node that connects as this role can lead"};
    }
    if (!open) return {severity::good, "rights", role + " cannot touch fence and ledger directly", {}};
    return {severity::warning, "rights",
            role + " can change fence and ledger: an application's statement could break both",
            "let the nodes connect as another role, and run `penholder init --lane-role ROLE` as this one"};
}

/// Standbys that the server streams to and waits for none of. A role without rights sees only that they are there.
int asynchronous_standbys(pqxx::nontransaction& work) {
    return work
        .exec(
            "SELECT CASE WHEN current_setting('synchronous_standby_names') = '' THEN (SELECT count(*) FROM "
            "pg_stat_replication WHERE coalesce(state, 'streaming') IN ('streaming', 'catchup')) ELSE 0 END")[0][0]
        .as<int>();
}

finding look_at_durability(pqxx::nontransaction& work) {
    const auto row = work.exec("SELECT current_setting('synchronous_commit'), current_setting('fsync')")[0];
    const std::string commit = row[0].c_str();
    if (commit == "off" || std::string(row[1].c_str()) == "off") {
        return {severity::trouble, "durability", "synchronous_commit is " + commit + ", fsync is " + row[1].c_str(),
                "switch both on: a receipt says committed, and a crash of the server would lose the write"};
    }
    if (const int standbys = asynchronous_standbys(work); standbys > 0) {
        return {
            severity::warning, "durability",
            "synchronous_commit is " + commit + ", but no standby is synchronous: " + std::to_string(standbys) +
                " may lag behind",
            "name one in synchronous_standby_names: where a standby that lags is promoted, writes that were answered "
            "committed are lost"};
    }
    return {severity::good, "durability", "synchronous_commit is " + commit, {}};
}

finding look_at_encoding(pqxx::nontransaction& work) {
    const std::string encoding = work.exec("SELECT current_setting('server_encoding')")[0][0].c_str();
    if (encoding == "UTF8") return {severity::good, "encoding", encoding, {}};
    if (encoding == "SQL_ASCII") {
        return {
            severity::advice, "encoding", encoding,
            "PostgreSQL converts nothing here: writes store UTF-8, and what others stored in another encoding comes "
            "back as the bytes that it is"};
    }
    return {severity::advice, "encoding", encoding,
            "writes and answers are UTF-8 all the same; characters that " + encoding + " has not are rejected (22P05)"};
}

finding look_at_catalogue(pqxx::nontransaction& work) {
    if (work.exec("SELECT penholder.catalogue_stamp() <> 0")[0][0].as<bool>()) {
        return {severity::good, "catalogue", "its changes are noticed", {}};
    }
    return {severity::warning, "catalogue",
            "its changes go unnoticed: the event triggers are missing or disabled, so nothing that was found out about "
            "a statement can be relied on, and every write takes a session",
            "run `penholder init` once as a superuser who owns schema penholder"};
}

constexpr std::string_view functions_of_name =
    "SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace "
    "WHERE n.nspname || '.' || p.proname = ";
constexpr std::string_view columns_of_name =
    "SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT a.attisdropped "
    "AND n.nspname || '.' || c.relname || '.' || a.attname = ";

/// What an option names and the database does not have; nothing where it has all.
void look_for_names(pqxx::nontransaction& work, const std::vector<std::string>& names, std::string_view question,
                    const std::string& option, findings& found) {
    std::string missing;
    for (const auto& name : names) {
        const bool there = !work.exec(std::string(question) + work.quote(name)).empty();
        if (!there) missing += (missing.empty() ? "" : ", ") + name;
    }
    if (missing.empty()) return;
    found.push_back({severity::warning, option, "names what this database does not have: " + missing,
                     "correct the names, which are written as the catalogue has them"});
}

result<> look_for_names(raw_connection& connection, const group_options& group, findings& found) {
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        look_for_names(work, group.harmless_functions, functions_of_name, "harmless_functions", found);
        look_for_names(work, group.no_version_columns, columns_of_name, "no_version_columns", found);
        return {};
    });
}

result<> look_around(raw_connection& connection, const std::string& conninfo, findings& found) {
    found.push_back(look_at_encryption(connection, conninfo));
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        const auto row = work.exec("SELECT current_setting('server_version'), current_database()")[0];
        found.push_back({severity::good,
                         "server",
                         "PostgreSQL " + std::string(row[0].c_str()) + ", database " + row[1].c_str(),
                         {}});
        found.push_back(look_at_durability(work));
        found.push_back(look_at_encoding(work));
        return {};
    });
}

}  // namespace

std::string_view to_string(severity what) noexcept {
    switch (what) {
        case severity::good: return "good";
        case severity::advice: return "advice";
        case severity::warning: return "warning";
        case severity::trouble: break;
    }
    return "trouble";
}

std::vector<finding> diagnose(const std::string& conninfo) {
    group_options group;
    group.name = "doctor";
    group.database = conninfo;
    return diagnose(group);
}

std::vector<finding> diagnose_names(const group_options& group) {
    findings found;
    if (group.harmless_functions.empty() && group.no_version_columns.empty()) return found;
    const auto looked = [&]() -> result<> {
        auto made = connect(group, "doctor");
        if (!made) return made.error();
        return look_for_names(**made, group, found);
    }();
    if (!looked) {
        found.push_back({severity::advice, "names",
                         "harmless_functions and no_version_columns were not looked for: " + looked.error().message,
                         "look again when the database can be reached"});
    }
    return found;
}

std::vector<finding> diagnose(const group_options& group, const known_raise& known) {
    findings found;
    const auto trouble = [&found](const std::string& subject, const error& why) {
        found.push_back({severity::trouble, subject, why.message, {}});
        return found;
    };
    raise_memory memory(group.name);
    memory.expect(known, true);
    auto made = connect(group, "doctor", &memory);
    for (const auto& each : memory.refused()) found.push_back({severity::warning, "host", each, {}});
    if (!made) return trouble("connection", made.error());
    if (const auto seen = look_around(**made, group.database, found); !seen) return trouble("server", seen.error());
    if (const auto fit = check_server(**made); !fit) return trouble("schema", fit.error());
    found.push_back({severity::good, "schema", "version " + std::to_string(schema_version), {}});
    const auto rights = guarded([&]() -> result<> {
        pqxx::nontransaction work((*made)->pqxx());
        found.push_back(look_at_role(work));
        found.push_back(look_at_catalogue(work));
        return {};
    });
    if (!rights) return trouble("rights", rights.error());
    if (const auto names = look_for_names(**made, group, found); !names) return trouble("names", names.error());
    return found;
}

}  // namespace penholder::postgres
