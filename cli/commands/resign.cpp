#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/survey/operators.hpp"

namespace penholder::cli {
namespace {

boost::asio::awaitable<result<exit_code>> resign(invocation& run) {
    const auto group = co_await look_at_one(run, depth::everything);
    if (!group) co_return group.error();
    if (!group->leader) co_return nobody_leads(*group);
    auto awaited = await_succession(run, *group, "");
    run.print.say("asking " + group->leader->node + " (term " + std::to_string(group->leader->term) + ") to resign");
    ask_node(run, *group, "resign", {}, awaited);
    co_return co_await finish_succession(run, std::move(awaited));
}

}  // namespace

void add_resign(command_line& to) {
    to.add("resign", "Asks the leader, over its HTTP, to hand over to the next in succession", resign);
}

}  // namespace penholder::cli
