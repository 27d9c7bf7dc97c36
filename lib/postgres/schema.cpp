#include "schema.hpp"

#include "conninfo.hpp"
#include "schema_steps.hpp"
#include "server_connection.hpp"

namespace penholder::postgres {
namespace {

constexpr int connect_timeout_ms = 10000;

int present_version(pqxx::transaction_base& work) {
    if (!work.exec("SELECT to_regclass('penholder.schema_version') IS NOT NULL")[0][0].as<bool>()) return 0;
    return work.exec("SELECT coalesce(max(version), 0) FROM penholder.schema_version")[0][0].as<int>();
}

result<> grant_to(pqxx::transaction_base& work, const std::string& role) {
    const auto known = work.exec("SELECT count(*) FROM pg_roles WHERE rolname = " + work.quote(role));
    if (known[0][0].as<int>() == 0) {
        return error{errc::invalid_argument,
                     "the database has no role '" + role + "'; create it first: CREATE ROLE " + role + " LOGIN"};
    }
    const auto name = work.quote_name(role);
    work.exec("GRANT USAGE ON SCHEMA penholder TO " + name);
    work.exec("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA penholder TO " + name);
    return {};
}

/// A role that owns something in the schema without being a superuser or us; empty where there is none. What an event
/// trigger runs would be in its hands.
std::string other_owner(pqxx::transaction_base& work) {
    const auto found = work.exec(
        "SELECT r.rolname FROM pg_catalog.pg_namespace n "
        "JOIN pg_catalog.pg_roles r ON NOT r.rolsuper AND r.rolname <> current_user AND (r.oid = n.nspowner "
        "OR r.oid IN (SELECT relowner FROM pg_catalog.pg_class WHERE relnamespace = n.oid) "
        "OR r.oid IN (SELECT proowner FROM pg_catalog.pg_proc WHERE pronamespace = n.oid)) "
        "WHERE n.nspname = 'penholder' ORDER BY 1 LIMIT 1");
    return found.empty() ? std::string() : found[0][0].c_str();
}

/// Answers why the catalogue's changes go unnoticed, or nothing.
std::string watch_catalogue(pqxx::transaction_base& work) {
    if (const auto owner = other_owner(work); !owner.empty()) {
        return "schema penholder belongs to role '" + owner +
               "', which is no superuser and could take one's rights by an event trigger";
    }
    return work.exec("SELECT penholder.watch_catalogue()")[0][0].c_str();
}

result<schema_report> bring_up(raw_connection& connection, const std::string& lane_role) {
    pqxx::transaction<> work(connection.pqxx());
    if (work.exec("SELECT pg_is_in_recovery()")[0][0].as<bool>()) {
        return error{errc::refused, "this server is a standby; run init against the primary"};
    }
    work.exec("SELECT pg_advisory_xact_lock(hashtext('penholder schema'))");
    schema_report report{.before = present_version(work), .now = schema_version};
    if (report.before > schema_version) {
        return error{errc::schema_unknown, "schema penholder has version " + std::to_string(report.before) +
                                               ", newer than the " + std::to_string(schema_version) +
                                               " that this program knows; nothing was changed. Use a newer penholder"};
    }
    for (auto step = static_cast<std::size_t>(report.before); step < schema_steps().size(); ++step) {
        work.exec(schema_steps()[step]);
    }
    report.unwatched = watch_catalogue(work);
    if (!lane_role.empty()) {
        if (const auto granted = grant_to(work, lane_role); !granted) return granted.error();
    }
    work.commit();
    return report;
}

}  // namespace

result<schema_report> init_schema(const std::string& conninfo, const std::string& lane_role) {
    auto defaults = connection_defaults(connect_timeout_ms, "penholder init");
    const auto complete = complete_conninfo(conninfo, defaults);
    if (!complete) return complete.error();
    return guarded([&]() -> result<schema_report> {
        raw_connection connection(*complete);
        return bring_up(connection, lane_role);
    });
}

}  // namespace penholder::postgres
