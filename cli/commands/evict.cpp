#include "base/printable.hpp"
#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/confirmation.hpp"
#include "zookeeper/eviction.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <ostream>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

struct eviction_request {
    std::string node;
    bool sure = false;
};

document describe_eviction(const std::string& group, const std::string& node, const zookeeper::presence& removed) {
    document made;
    made.columns = {{"group"}, {"node"}, {"removed"}};
    section part;
    boost::json::array paths;
    for (const auto& each : removed.traces) {
        part.rows.push_back({group, {node, tone::strong}, each.path});
        paths.emplace_back(each.path);
    }
    const auto term = removed.leads ? boost::json::value(removed.term.value) : boost::json::value();
    made.data = {{"group", group}, {"node", node}, {"led_term", term}, {"removed", std::move(paths)}};
    made.sections.push_back(std::move(part));
    return made;
}

std::string what_it_does(const std::string& group, const std::string& node, const zookeeper::presence& seen) {
    if (seen.is_ownerless()) return "removing what no session owns of " + node + " in group " + group;
    if (!seen.leads) return "evicting " + node + ", which does not lead group " + group;
    return "evicting " + node + " ends its term " + std::to_string(seen.term.value) + " of group " + group;
}

void announce(invocation& run, const std::string& group, const std::string& node, const zookeeper::presence& seen) {
    run.print.say(what_it_does(group, node, seen));
    for (const auto& each : seen.traces) run.screen.err << "  removes " << printable(each.path) << '\n';
    if (seen.is_ownerless()) return;
    run.screen.err << "  A node that lives enrolls anew at once; to keep it away, stop it.\n";
}

asio::awaitable<result<exit_code>> evict(invocation& run, eviction_request request) {
    const auto session = co_await run.with.reach(run.asked.within(reading_time));
    if (!session) co_return session.error();
    const auto group = co_await look_at_one(run, depth::leadership);
    if (!group) co_return group.error();
    const auto& root = run.from.ensemble.root;
    const auto seen = co_await zookeeper::find_presence(**session, root, group->group, request.node);
    if (!seen) co_return seen.error();
    announce(run, group->group, request.node, *seen);
    if (const auto sure = confirm(run, request.sure, "evict", "Evict " + request.node); !sure) co_return sure.error();
    const auto removed = co_await zookeeper::remove_presence(**session, *seen);
    if (!removed) co_return removed.error();
    run.print.print(describe_eviction(group->group, request.node, *seen));
    co_return exit_code::done;
}

}  // namespace

void add_evict(command_line& to) {
    const auto request = std::make_shared<eviction_request>();
    auto& command = to.add("evict", "Removes a node's znodes, as if its session had ended; another one leads",
                           [request](invocation& run) { return evict(run, *request); });
    command.add_option("node", request->node, "Which node")->required()->type_name("NODE");
    add_yes(command, request->sure);
}

}  // namespace penholder::cli
