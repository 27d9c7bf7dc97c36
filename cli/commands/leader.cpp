#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/survey/documents.hpp"

namespace penholder::cli {
namespace {

boost::asio::awaitable<result<exit_code>> leader(invocation& run) {
    const auto found = co_await look(run, depth::leadership);
    if (!found) co_return found.error();
    run.print.print(describe_leaders(found->groups, std::chrono::system_clock::now()));
    exit_code ended = exit_code::done;
    for (const group_state& group : found->groups) {
        if (group.leader) continue;
        const auto why = find_warnings(group);
        run.print.say("group " + group.group + ": " + (why.empty() ? "nobody leads" : why.front()));
        ended = exit_code::no_leader;
    }
    co_return found->groups.empty() ? exit_code::no_leader : ended;
}

}  // namespace

void add_leader(command_line& to) {
    to.add("leader", "The leader's name, endpoint, term and phase; exit code 3 where nobody leads", leader);
}

}  // namespace penholder::cli
