#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nodes/node_client.hpp"
#include "cli/nodes/receipt_document.hpp"
#include "cli/survey/operators.hpp"

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

asio::awaitable<result<exit_code>> forget(invocation& run, std::string key) {
    const auto group = co_await look_at_one(run, depth::everything);
    if (!group) co_return group.error();
    const auto where = node_to_ask(run, *group);
    if (!where) co_return where.error();
    const auto token = run.from.token_for(*where, run.from.operator_token);
    if (!token) co_return token.error();
    const auto client = run.from.client(*where, *token);
    const auto forgotten = co_await client.forget(group->group, key, run.asked.within(reading_time));
    if (!forgotten) co_return forgotten.error();
    run.print.print(describe_receipt(*forgotten));
    run.print.say("forgotten: the next write with the key '" + key + "' is a new one");
    co_return exit_code::done;
}

}  // namespace

void add_forget(command_line& to) {
    const auto key = std::make_shared<std::string>();
    auto& command = to.add("forget", "Has the ledger forget the key of a write that was rejected",
                           [key](invocation& run) { return forget(run, *key); });
    command.add_option("key", *key, "The write's Idempotency-Key")->required()->type_name("KEY");
}

}  // namespace penholder::cli
