#include "base/printable.hpp"
#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/confirmation.hpp"
#include "cli/commands/group_database.hpp"
#include "postgres/hosts.hpp"
#include "zookeeper/group_view.hpp"

#include <ostream>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

struct adoption {
    std::string conninfo;
    bool sure = false;
};

asio::awaitable<result<fence_record>> identify(invocation& run, const std::string& conninfo, const std::string& group) {
    auto options = database_of(run, conninfo, group);
    if (!options) {
        co_return error{errc::invalid_argument, "which database? Say it with --database, or --config with the group's"};
    }
    if (postgres::each_host(options->database).size() > 1) {
        co_return error{errc::invalid_argument,
                        "the connection string names several servers; name the one to move to with --database"};
    }
    postgres::known_raise nothing;
    co_return co_await probe(run, std::move(*options), std::move(nothing));
}

/// It may be the group's own database, on a server that lacks the last raise of the fence.
bool is_the_groups(const fence_record& wanted, const group_state& group) {
    return wanted.database == group.database && may_be_written(descent_of(wanted.lineage, group.last_raise));
}

/// As the server holds it, and of the first term that can be elected there: a server that was raised on later, in an
/// older term, is one that the group has left.
fence_raise raise_to_adopt(const fence_record& wanted, const group_state& group) {
    const auto& held = wanted.lineage.last.at;
    return {{group.last_term + 1}, held.is_known() ? held : log_position{wanted.lineage.timeline, 0}};
}

document describe_adoption(const std::string& group, const std::string& before, const std::string& now) {
    document made;
    made.columns = {{"group"}, {"database"}, {"before"}};
    made.data = {{"group", group}, {"database", now}, {"before", before}};
    made.sections.push_back({{}, {{group, {now, tone::strong}, before}}});
    return made;
}

void announce(invocation& run, const group_state& group, const fence_record& wanted) {
    const bool goes_back = wanted.database == group.database;
    run.print.say("group " + group.group + " moves from database " +
                  (group.database.empty() ? "none" : printable(group.database)) + " to " + wanted.database +
                  (goes_back ? ", on a server without its last raise of the fence" : ""));
    run.screen.err
        << "  Nodes with another one take no part from then on; receipts that only the old one holds are lost.\n";
}

asio::awaitable<result<exit_code>> adopt(invocation& run, adoption request) {
    const auto session = co_await run.with.reach(run.asked.within(reading_time));
    if (!session) co_return session.error();
    const auto group = co_await look_at_one(run, depth::leadership);
    if (!group) co_return group.error();
    const auto wanted = co_await identify(run, request.conninfo, group->group);
    if (!wanted) co_return wanted.error();
    if (is_the_groups(*wanted, *group)) {
        run.print.say("group " + group->group + " writes to that database already; nothing to do");
    } else {
        announce(run, *group, *wanted);
        if (const auto sure = confirm(run, request.sure, "adopt-database", "Move it"); !sure) co_return sure.error();
        const auto done = co_await zookeeper::request_adoption(**session, run.from.ensemble.root, group->group,
                                                               wanted->database, raise_to_adopt(*wanted, *group));
        if (!done) co_return done.error();
    }
    run.print.print(describe_adoption(group->group, group->database, wanted->database));
    co_return exit_code::done;
}

}  // namespace

void add_adopt_database(command_line& to) {
    const auto request = std::make_shared<adoption>();
    auto& command = to.add("adopt-database", "Moves a group to another database: a restored one, or on another server",
                           [request](invocation& run) { return adopt(run, *request); });
    command.add_option("--database", request->conninfo, "libpq connection string (default: from --config)")
        ->type_name("CONNINFO");
    add_yes(command, request->sure);
}

}  // namespace penholder::cli
