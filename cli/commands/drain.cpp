#include "base/printable.hpp"
#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/survey/operators.hpp"

#include <algorithm>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

document describe_drain(const std::string& group, const std::string& node, bool drained, bool before) {
    document made;
    made.data = {{"group", group}, {"node", node}, {"drained", drained}, {"was_drained", before}};
    made.columns = {{"group"}, {"node"}, {"drained"}, {"was_drained"}};
    const auto text = [](bool flag) { return std::string(flag ? "yes" : "no"); };
    made.sections.push_back({{}, {{group, {node, tone::strong}, text(drained), text(before)}}});
    return made;
}

bool is_drained(const group_state& group, const std::string& node) {
    return std::ranges::find(group.drained, node) != group.drained.end();
}

/// Who is drained and not there may still be let lead again.
std::optional<error> objection_to(const group_state& group, const std::string& node) {
    if (is_drained(group, node) || group.find(node) != nullptr) return std::nullopt;
    return error{errc::node_not_found, "group " + group.group + " has no member '" + printable(node) +
                                           "'; penholder members shows those there are"};
}

asio::awaitable<result<exit_code>> set_drained(invocation& run, std::string node, bool drained) {
    const auto session = co_await run.with.reach(run.asked.within(reading_time));
    if (!session) co_return session.error();
    const auto group = co_await look_at_one(run, depth::everything);
    if (!group) co_return group.error();
    if (auto objection = objection_to(*group, node)) co_return std::move(*objection);
    const bool before = is_drained(*group, node);
    if (before == drained) {
        run.print.say(node + (drained ? " is drained already" : " is not drained") + "; nothing to do");
    } else {
        const auto done =
            co_await zookeeper::request_drain(**session, run.from.ensemble.root, group->group, node, drained);
        if (!done) co_return done.error();
    }
    if (drained && group->leader && group->leader->node == node) {
        run.print.say(node + " leads group " + group->group + "; waiting until another one does");
        const auto next = co_await follow(run, await_succession(run, *group, ""));
        if (!next) co_return next.error();
    }
    run.print.print(describe_drain(group->group, node, drained, before));
    co_return exit_code::done;
}

void add_node(CLI::App& to, std::string& node) {
    to.add_option("node", node, "Which node")->required()->type_name("NODE");
}

}  // namespace

void add_drain(command_line& to) {
    const auto node = std::make_shared<std::string>();
    auto& command = to.add("drain", "From now on a node leads nothing that another can; it takes and forwards writes",
                           [node](invocation& run) { return set_drained(run, *node, true); });
    add_node(command, *node);
}

void add_undrain(command_line& to) {
    const auto node = std::make_shared<std::string>();
    auto& command = to.add("undrain", "Lets a node that was drained lead again",
                           [node](invocation& run) { return set_drained(run, *node, false); });
    add_node(command, *node);
}

}  // namespace penholder::cli
