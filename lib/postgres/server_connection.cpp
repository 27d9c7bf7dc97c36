#include "server_connection.hpp"

#include "host_addresses.hpp"
#include "hosts.hpp"
#include "refused_connection.hpp"
#include "schema.hpp"

#include <libpq-fe.h>

#include <algorithm>

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

/// Of what a node calls, leading or not, and what this role may not.
constexpr auto look_for_missing_rights =
    "SELECT pg_catalog.string_agg(p.oid::pg_catalog.regprocedure::text, ', ' ORDER BY p.proname), current_user "
    "FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'penholder'::pg_catalog.regnamespace AND p.proname IN "
    "('version', 'identity', 'standing', 'lineage', 'enroll', 'raise_fence', 'take_slot', 'guard', 'record', "
    "'look_up', "
    "'expect_new', 'check_catalogue', 'catalogue_stamp', 'sweep', 'tend_catalogue', 'forget') AND NOT "
    "pg_catalog.has_function_privilege(p.oid, 'EXECUTE')";

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

/// Who is slower than this is none to be reckoned with, so that a host that is gone costs no more, and leaves time for
/// what is asked next.
std::chrono::milliseconds hosts_patience(const group_options& group) {
    return std::min(std::chrono::milliseconds(1000), question_limit(group) / 2);
}

result<std::string> conninfo_of(const group_options& group, const std::string& purpose,
                                const std::map<std::string, std::string>& server = {}) {
    auto defaults = connection_defaults(group.connect_timeout_ms, "penholder " + purpose + " " + group.name);
    defaults["target_session_attrs"] = "primary";
    auto pinned = server;
    pinned["client_encoding"] = "UTF8";
    pinned["options"] = pinned_settings(group);
    return complete_conninfo(group.database, defaults, pinned);
}

host_choice choose_among(const std::vector<host_conninfo>& hosts, const group_options& group, raise_memory* memory) {
    const auto known = memory != nullptr ? memory->known() : known_raise{};
    auto choice = choose_host(ask_hosts(hosts, group.name, hosts_patience(group)), known);
    if (memory != nullptr) memory->refuse(choice.refusals);
    if (memory != nullptr && choice.chosen) memory->saw(*choice.chosen->seen);
    return choice;
}

constexpr std::chrono::milliseconds refusal_patience{500};

result<std::unique_ptr<raw_connection>> open(const std::string& conninfo) {
    const auto numbered = look_up_hosts({conninfo}, names::address_book::of_process()).front();
    if (!numbered) return numbered.error();
    try {
        return std::make_unique<raw_connection>(*numbered);
    } catch (const std::exception& thrown) {
        return unreachable(thrown.what(), sqlstate_of_refusal(*numbered, refusal_patience));
    }
}

result<std::unique_ptr<raw_connection>> open_one_of(const std::vector<host_conninfo>& hosts, const group_options& group,
                                                    raise_memory* memory) {
    const auto choice = choose_among(hosts, group, memory);
    if (!choice.chosen) return choice.chosen.error();
    return open(choice.chosen->where.conninfo);
}

result<std::unique_ptr<raw_connection>> open_only(const std::string& conninfo, const group_options& group,
                                                  raise_memory* memory) {
    auto made = open(conninfo);
    if (!made || memory == nullptr) return made;
    const auto known = memory->known();
    const auto seen = read_lineage(**made, group.name);
    if (!seen) return seen.error();
    const auto why_not = why_not_written(host_of(**made), *seen, known);
    memory->refuse(why_not ? std::vector{*why_not} : std::vector<std::string>{});
    if (why_not) return unreachable(*why_not);
    return made;
}

}  // namespace

/// What libpq finds wrong with an option it repeats; the server's own errors begin otherwise.
error unreachable(const std::string& why, const std::string& sqlstate) {
    const auto shown = why.starts_with("invalid ") ? without_values(why) : why;
    const auto code = sqlstate.empty() ? "" : sqlstate + ": ";
    return {errc::database_unreachable, "the database cannot be used: " + code + one_line(shown),
            sqlstate.empty() ? sqlstate_in(why) : sqlstate};
}

error to_error(const std::exception& thrown) {
    auto sqlstate = sqlstate_in(thrown.what());
    if (sqlstate != "42501") return unreachable(thrown.what());
    return {errc::unauthorized,
            "the database refused: " + one_line(thrown.what()) +
                "; run `penholder init --lane-role` for the role that connects",
            std::move(sqlstate)};
}

std::chrono::milliseconds question_limit(const group_options& group) {
    return std::chrono::milliseconds(group.connect_timeout_ms);
}

result<std::unique_ptr<raw_connection>> connect(const group_options& group, const std::string& purpose,
                                                raise_memory* memory) {
    const auto conninfo = conninfo_of(group, purpose);
    if (!conninfo) return conninfo.error();
    const auto hosts = each_host(*conninfo);
    return hosts.size() > 1 ? open_one_of(hosts, group, memory) : open_only(*conninfo, group, memory);
}

result<std::unique_ptr<raw_connection>> connect_beside(const raw_connection& beside, const group_options& group,
                                                       const std::string& purpose) {
    auto* handle = beside.handle();
    std::map<std::string, std::string> server{{"host", PQhost(handle)}, {"port", PQport(handle)}};
    if (const std::string address = PQhostaddr(handle); !address.empty()) server["hostaddr"] = address;
    const auto conninfo = conninfo_of(group, purpose, server);
    if (!conninfo) return conninfo.error();
    return open(*conninfo);
}

std::optional<lineage> look_at_hosts(const group_options& group, raise_memory& memory) {
    const auto conninfo = conninfo_of(group, "hosts");
    const auto hosts = conninfo ? each_host(*conninfo) : std::vector<host_conninfo>();
    if (hosts.size() < 2) return std::nullopt;
    const auto choice = choose_among(hosts, group, &memory);
    return choice.chosen ? std::optional(choice.chosen->seen->lineage) : std::nullopt;
}

result<fence_record> read_lineage(raw_connection& connection, const std::string& group) {
    return guarded([&]() -> result<fence_record> {
        pqxx::nontransaction work(connection.pqxx());
        fence_record seen{.group = group, .term = {}, .leader = {}, .endpoint = {}, .fenced_at = {}};
        const auto asked = work.exec(
            "SELECT pg_catalog.has_function_privilege(pg_catalog.to_regprocedure('penholder.lineage(text)')::oid, "
            "'EXECUTE') AND NOT pg_catalog.pg_is_in_recovery()");
        if (asked[0][0].is_null() || !asked[0][0].as<bool>()) return seen;
        const auto row = work.exec(
            "SELECT penholder.identity(), l.timeline, l.raised_term, l.raised_timeline, l.raised_at "
            "FROM penholder.lineage(" +
            work.quote(group) + ") AS l")[0];
        seen.database = row[0].c_str();
        seen.lineage = lineage_of(row[1].c_str(), row[2].c_str(), row[3].c_str(), row[4].c_str());
        seen.term = seen.lineage.last.term;
        return seen;
    });
}

std::string host_of(const raw_connection& connection) {
    return std::string(PQhost(connection.handle())) + ":" + PQport(connection.handle());
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

std::optional<std::string> missing_rights(pqxx::nontransaction& work) {
    const auto row = work.exec(look_for_missing_rights)[0];
    if (row[0].is_null()) return std::nullopt;
    const std::string role = row[1].c_str();
    return "role '" + role + "' may not execute " + row[0].c_str() + "; run `penholder init --lane-role " + role + "`";
}

result<> check_rights(raw_connection& connection) {
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        if (auto missing = missing_rights(work)) return error{errc::unauthorized, std::move(*missing)};
        return {};
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
