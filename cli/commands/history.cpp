#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nodes/node_url.hpp"
#include "cli/survey/documents.hpp"

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

// Without the ensemble the terms are asked of the nodes, one after the other, until one remembers them.
asio::awaitable<result<>> ask_nodes_for_terms(invocation& run, const survey& seen, group_state& group) {
    error last{errc::ensemble_unreachable, "no node could tell the history of group " + group.group};
    for (const node_report& each : seen.nodes) {
        const auto where = parse_node_url(each.url);
        if (!each.status || !where) continue;
        const auto token = run.from.token_for(*where, run.from.token);
        const auto client = run.from.client(*where, token ? *token : std::string());
        auto terms = co_await client.history(group.group, run.asked.within(reading_time));
        if (terms) {
            group.terms = std::move(*terms);
            co_return result<>{};
        }
        last = terms.error();
    }
    co_return last;
}

asio::awaitable<result<exit_code>> history(invocation& run) {
    auto found = co_await look(run, depth::leadership);
    if (!found) co_return found.error();
    for (group_state& group : found->groups) {
        if (found->seen.ensemble_reached()) break;
        const auto terms = co_await ask_nodes_for_terms(run, found->seen, group);
        if (!terms) co_return terms.error();
    }
    run.print.print(describe_history(found->groups, std::chrono::system_clock::now()));
    co_return exit_code::done;
}

}  // namespace

void add_history(command_line& to) {
    to.add("history", "The last 64 terms, newest first: who led, since when, for how long, how it began", history);
}

}  // namespace penholder::cli
