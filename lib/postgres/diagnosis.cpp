#include "diagnosis.hpp"

#include "schema.hpp"
#include "server_connection.hpp"

namespace penholder::postgres {
namespace {

using findings = std::vector<finding>;

finding look_at_role(pqxx::nontransaction& work) {
    const auto row = work.exec(
        "SELECT current_user, rolsuper, pg_has_role(current_user, nspowner, 'USAGE'), "
        "has_table_privilege(current_user, 'penholder.fence', 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "OR has_table_privilege(current_user, 'penholder.keys', 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "OR has_table_privilege(current_user, 'penholder.origins', 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "FROM pg_namespace, pg_roles WHERE nspname = 'penholder' AND rolname = current_user")[0];
    const bool open = row[1].as<bool>() || row[2].as<bool>() || row[3].as<bool>();
    const auto role = "role '" + std::string(row[0].c_str()) + "'";
    if (!open) return {severity::good, "rights", role + " cannot touch fence and ledger directly", {}};
    return {severity::warning, "rights",
            role + " can change fence and ledger: an application's statement could break both",
            "let the nodes connect as another role, and run `penholder init --lane-role ROLE` as this one"};
}

finding look_at_durability(pqxx::nontransaction& work) {
    const auto row = work.exec("SELECT current_setting('synchronous_commit'), current_setting('fsync')")[0];
    const std::string commit = row[0].c_str();
    if (commit == "off" || std::string(row[1].c_str()) == "off") {
        return {severity::trouble, "durability", "synchronous_commit is " + commit + ", fsync is " + row[1].c_str(),
                "switch both on: a receipt says committed, and a crash of the server would lose the write"};
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

result<> look_around(raw_connection& connection, findings& found) {
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

std::vector<finding> diagnose(const std::string& conninfo, int connect_timeout_ms) {
    findings found;
    const auto trouble = [&found](const std::string& subject, const error& why) {
        found.push_back({severity::trouble, subject, why.message, {}});
        return found;
    };
    group_options group;
    group.name = "doctor";
    group.database = conninfo;
    group.connect_timeout_ms = connect_timeout_ms;
    auto made = connect(group, "doctor");
    if (!made) return trouble("connection", made.error());
    if (const auto seen = look_around(**made, found); !seen) return trouble("server", seen.error());
    if (const auto fit = check_server(**made); !fit) return trouble("schema", fit.error());
    found.push_back({severity::good, "schema", "version " + std::to_string(schema_version), {}});
    const auto rights = guarded([&]() -> result<> {
        pqxx::nontransaction work((*made)->pqxx());
        found.push_back(look_at_role(work));
        found.push_back(look_at_catalogue(work));
        return {};
    });
    if (!rights) return trouble("rights", rights.error());
    return found;
}

}  // namespace penholder::postgres
