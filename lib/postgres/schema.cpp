#include "schema.hpp"

#include "conninfo.hpp"
#include "schema_steps.hpp"
#include "schema_takeover.hpp"
#include "server_connection.hpp"

namespace penholder::postgres {
namespace {

constexpr int connect_timeout_ms = 10000;

/// 0 where there is no schema. What is no table of built-in types would run its owner's code when it is read.
result<int> present_version(pqxx::transaction_base& work) {
    const auto found = work.exec(
        "SELECT c.relkind = 'r' AND NOT c.relhasrules AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a "
        "WHERE a.attrelid = c.oid AND a.atttypid >= 16384), pg_catalog.pg_get_userbyid(c.relowner) "
        "FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass('penholder.schema_version')");
    if (found.empty()) return 0;
    if (!found[0][0].as<bool>()) {
        return error{errc::refused, "penholder.schema_version is not the table that init makes; it belongs to role '" +
                                        std::string(found[0][1].c_str()) +
                                        "', whose code it might run. Nothing was changed; look into it by hand"};
    }
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

void take_steps(pqxx::transaction_base& work, int from) {
    for (auto step = static_cast<std::size_t>(from); step < schema_steps().size(); ++step) {
        work.exec(schema_steps()[step]);
    }
}

bool is_superuser(pqxx::transaction_base& work) {
    return work.exec("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")[0][0].as<bool>();
}

/// A superuser executes nothing that belongs to a lesser role, so it makes such a schema its own first.
result<> bring_up_to_date(pqxx::transaction_base& work, int before) {
    const auto owner = before > 0 && is_superuser(work) ? other_owner(work) : std::string();
    if (!owner.empty()) return take_over_schema(work, owner, [&work] { take_steps(work, 0); });
    take_steps(work, before);
    return {};
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
    const auto before = present_version(work);
    if (!before) return before.error();
    schema_report report{.before = *before, .now = schema_version};
    if (report.before > schema_version) {
        return error{errc::schema_unknown, "schema penholder has version " + std::to_string(report.before) +
                                               ", newer than the " + std::to_string(schema_version) +
                                               " that this program knows; nothing was changed. Use a newer penholder"};
    }
    if (const auto done = bring_up_to_date(work, report.before); !done) return done.error();
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
