#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "postgres/schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace penholder::cli {
namespace {

namespace json = boost::json;

struct init_request {
    std::string database;
    std::string lane_role;
};

// A database to prepare, and the groups that it serves where the configuration tells.
struct target {
    std::string database;
    std::string groups;
};

std::vector<target> targets_of(const invocation& run, const init_request& request) {
    if (!request.database.empty()) return {{request.database, run.asked.group}};
    std::vector<target> found;
    if (!run.from.configured) return found;
    for (const group_options& group : run.from.configured->node.groups) {
        if (group.database.empty() || (!run.asked.group.empty() && group.name != run.asked.group)) continue;
        const auto known = std::ranges::find(found, group.database, &target::database);
        if (known == found.end()) {
            found.push_back({group.database, group.name});
        } else {
            known->groups += ", " + group.name;
        }
    }
    return found;
}

std::string schema_change(const postgres::schema_report& report) {
    if (report.before == report.now) return "unchanged";
    return report.before == 0 ? "created" : "upgraded";
}

void describe(const target& each, const postgres::schema_report& report, const std::string& lane_role, document& into,
              json::array& values) {
    into.sections.front().rows.push_back(
        {each.groups,
         {schema_change(report), tone::good},
         std::to_string(report.before),
         std::to_string(report.now),
         {report.unwatched.empty() ? "yes" : "no", report.unwatched.empty() ? tone::good : tone::warning},
         lane_role});
    values.push_back({{"groups", each.groups},
                      {"schema", schema_change(report)},
                      {"version_before", report.before},
                      {"version", report.now},
                      {"catalogue_watched", report.unwatched.empty()},
                      {"lane_role", lane_role.empty() ? json::value() : json::value(lane_role)}});
}

boost::asio::awaitable<result<exit_code>> init(invocation& run, init_request request) {
    const auto targets = targets_of(run, request);
    if (targets.empty()) {
        co_return error{errc::invalid_argument,
                        "nobody said which database; use --database, or --config with a group that has one"};
    }
    document made;
    made.columns = {{"groups"},   {"schema"}, {"version_before", true}, {"version", true}, {"catalogue_watched"},
                    {"lane_role"}};
    made.sections.emplace_back();
    json::array values;
    for (const target& each : targets) {
        const auto report = postgres::init_schema(each.database, request.lane_role);
        if (!report) co_return report.error();
        describe(each, *report, request.lane_role, made, values);
        run.print.say("schema penholder " + schema_change(*report) + ", version " + std::to_string(report->now));
        if (!report->unwatched.empty()) {
            run.print.say("changes of the catalogue go unnoticed, so every write takes a session: " +
                          report->unwatched + "; run `penholder init` once as a superuser");
        }
    }
    made.data = std::move(values);
    run.print.print(made);
    co_return exit_code::done;
}

}  // namespace

void add_init(command_line& to) {
    const auto request = std::make_shared<init_request>();
    auto& command = to.add("init", "Creates or upgrades schema penholder in a database; repeating it changes nothing",
                           [request](invocation& run) { return init(run, *request); });
    command.add_option("--database", request->database, "libpq connection string (default: from --config)")
        ->type_name("CONNINFO");
    command
        .add_option("--lane-role", request->lane_role,
                    "Role that nodes connect as: it may use the schema's functions "
                    "and nothing else")
        ->type_name("ROLE");
}

}  // namespace penholder::cli
