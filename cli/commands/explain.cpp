#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "postgres/catalogue_inquiry.hpp"
#include "postgres/server_connection.hpp"
#include "sql/screening.hpp"
#include "sql/why_not.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace penholder::cli {
namespace {

namespace json = boost::json;

struct explain_request {
    std::string sql;
    std::string database;
};

/// The group whose database is asked: the one named, else the only one that has a database.
result<group_options> group_of(const invocation& run, const explain_request& request) {
    std::vector<group_options> found;
    if (run.from.configured) {
        std::ranges::copy_if(run.from.configured->node.groups, std::back_inserter(found),
                             [&](const group_options& each) {
                                 return run.asked.group.empty() ? !each.database.empty() : each.name == run.asked.group;
                             });
    }
    if (found.empty() && !request.database.empty()) found.emplace_back().name = run.asked.group;
    if (found.size() != 1) {
        return error{errc::invalid_argument,
                     "nobody said which database; use --database, or --config with --group of one that has one"};
    }
    if (!request.database.empty()) found.front().database = request.database;
    return found.front();
}

result<sql::plainness> judge(const group_options& group, const explain_request& request, bool never_plain) {
    if (never_plain) {
        sql::plainness made;
        made.why_not = to_string(sql::why_not::never);
        made.detail = "only a lone SELECT, INSERT, UPDATE, DELETE, MERGE or VALUES can be plain";
        return made;
    }
    auto connection = postgres::connect(group, "explain");
    if (!connection) return connection.error();
    auto found = postgres::inquire(**connection, request.sql, {group.harmless_functions, group.no_version_columns});
    if (!found) return found.error();
    return std::move(found->plainness);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& each : names) text += (text.empty() ? "" : ", ") + each;
    return text;
}

document describe(const sql::plainness& known, std::size_t parameters, const std::string& shape) {
    document made;
    made.columns = {{"way"}, {"why"}, {"parameters", true}, {"stamped_tables"}, {"detail"}};
    const std::string way = known.plain ? "lane" : "session";
    section part;
    part.rows.push_back({{way, known.plain ? tone::good : tone::warning},
                         known.plain ? "plain" : known.why_not,
                         std::to_string(parameters),
                         joined(known.stamped_tables),
                         known.detail});
    made.sections.push_back(std::move(part));
    json::array stamped;
    for (const auto& each : known.stamped_tables) stamped.emplace_back(each);
    made.data = {{"way", way},
                 {"why", known.plain ? "plain" : known.why_not},
                 {"detail", known.detail},
                 {"parameters", parameters},
                 {"stamped_tables", std::move(stamped)},
                 {"kept_connection", known.leaves != sql::residue::unclean},
                 {"shape", shape}};
    return made;
}

boost::asio::awaitable<result<exit_code>> explain(invocation& run, explain_request request) {
    const auto screened = sql::screen_statement(request.sql);
    if (!screened) {
        run.print.say(screened.error().message);
        co_return exit_code::refused;
    }
    const auto group = group_of(run, request);
    if (!group) co_return group.error();
    const auto known = judge(*group, request, screened->shape.empty());
    if (!known) co_return known.error();
    run.print.print(describe(*known, screened->parameters, screened->shape));
    co_return exit_code::done;
}

}  // namespace

void add_explain(command_line& to) {
    const auto request = std::make_shared<explain_request>();
    auto& command = to.add("explain", "Says which way to the database a statement takes, lane or session, and why",
                           [request](invocation& run) { return explain(run, *request); });
    command.add_option("sql", request->sql, "The statement; nothing of it is executed")->type_name("SQL")->required();
    command.add_option("--database", request->database, "libpq connection string (default: from --config)")
        ->type_name("CONNINFO");
}

}  // namespace penholder::cli
