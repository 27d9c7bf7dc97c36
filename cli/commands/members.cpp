#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/survey/documents.hpp"

namespace penholder::cli {
namespace {

boost::asio::awaitable<result<exit_code>> members(invocation& run) {
    const auto found = co_await look(run, depth::everything);
    if (!found) co_return found.error();
    run.print.print(describe_members(found->groups));
    co_return exit_code::done;
}

}  // namespace

void add_members(command_line& to) {
    to.add("members", "The nodes that have enrolled: their endpoints, versions and incarnations", members);
}

}  // namespace penholder::cli
