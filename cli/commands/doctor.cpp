#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/group_database.hpp"
#include "cli/survey/diagnosis.hpp"
#include "postgres/database.hpp"
#include "zookeeper/open_znodes.hpp"

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
using postgres::severity;

void append(diagnosis& to, diagnosis more) {
    std::ranges::move(more, std::back_inserter(to));
}

/// With a digest the znodes are the nodes' own; those that were made before it may not be.
asio::awaitable<diagnosis> examine_znodes(invocation& run, const std::vector<group_state>& groups) {
    if (run.from.ensemble.digest.empty()) co_return diagnosis{diagnose_no_digest()};
    diagnosis found;
    const auto session = co_await run.with.reach(run.asked.within(reading_time));
    if (!session) co_return found;
    for (const group_state& each : groups) {
        const auto open = co_await zookeeper::open_znodes(**session, run.from.ensemble.root, each.group);
        if (open) append(found, diagnose_open_znodes(each.group, *open));
    }
    co_return found;
}

asio::awaitable<diagnosis> examine_fence(invocation& run, const group_state& group, group_options options) {
    diagnosis found;
    postgres::known_raise known{group.database, group.last_raise};
    const auto fence = co_await probe(run, std::move(options), std::move(known));
    if (fence) {
        found.push_back(diagnose_fence(group, *fence));
        append(found, diagnose_database(group, *fence));
    }
    co_return found;
}

asio::awaitable<diagnosis> examine_database(invocation& run, const group_state& group, const std::string& conninfo) {
    const auto options = database_of(run, conninfo, group.group);
    if (!options) {
        co_return diagnosis{{severity::advice, "database of " + group.group, "was not looked at",
                             "say which with --database, or --config with the group's"}};
    }
    diagnosis found = postgres::diagnose(*options, {group.database, group.last_raise});
    for (finding& each : found) each.subject += " (" + group.group + ")";
    auto fence = co_await examine_fence(run, group, *options);
    append(found, std::move(fence));
    co_return found;
}

asio::awaitable<result<exit_code>> doctor(invocation& run, std::string conninfo) {
    const auto within = run.asked.within(reading_time);
    if (run.from.nowhere()) {
        co_return error{errc::invalid_argument, "nobody said whom to examine; use --zookeeper, --node or --config"};
    }
    const survey seen = co_await run.surveys.look(run.asked.group, depth::everything, within);
    diagnosis found = diagnose_ensemble(seen);
    if (run.from.has_ensemble()) {
        const auto servers = co_await ask_servers(run.from.ensemble, within);
        append(found, diagnose_servers(servers));
    }
    append(found, diagnose_relays(seen));
    append(found, diagnose_certificates(seen));
    if (run.from.configured) append(found, diagnose_sessions(seen, run.from.ensemble.session_timeout_ms));
    const auto groups = conclude(seen, run.asked.group);
    if (groups.empty()) {
        const std::string which = run.asked.group.empty() ? "no group" : "no group '" + run.asked.group + "'";
        found.push_back(
            {severity::trouble, "groups", which + " is known", "groups appear when their first node starts"});
    }
    if (seen.ensemble_reached()) {
        auto znodes = co_await examine_znodes(run, groups);
        append(found, std::move(znodes));
    }
    for (const group_state& each : groups) {
        append(found, diagnose_group(each));
        auto database = co_await examine_database(run, each, conninfo);
        append(found, std::move(database));
    }
    append(found, diagnose_clocks(seen));
    run.print.print(describe_diagnosis(found));
    co_return has_trouble(found) ? exit_code::failed : exit_code::done;
}

}  // namespace

void add_doctor(command_line& to) {
    const auto conninfo = std::make_shared<std::string>();
    auto& command = to.add("doctor", "Examines ensemble, groups, nodes, databases and clocks, and says what to do",
                           [conninfo](invocation& run) { return doctor(run, *conninfo); });
    command.add_option("--database", *conninfo, "libpq connection string (default: from --config)")
        ->type_name("CONNINFO");
}

}  // namespace penholder::cli
