#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/survey/documents.hpp"

namespace penholder::cli {
namespace {

boost::asio::awaitable<result<exit_code>> status(invocation& run) {
    const auto found = co_await look(run, depth::everything);
    if (!found) co_return found.error();
    run.print.print(describe_status(found->seen, found->groups, std::chrono::system_clock::now()));
    if (found->groups.empty()) {
        run.print.say("there is no group under " + run.from.ensemble.root +
                      "; groups appear when their first node starts");
    }
    for (const group_state& group : found->groups) {
        for (const std::string& each : group.warnings) run.print.warn(group.group + ": " + each);
    }
    co_return exit_code::done;
}

}  // namespace

void add_status(command_line& to) {
    to.add("status", "Who leads each group, since when and in which term, and how each member is", status);
}

}  // namespace penholder::cli
