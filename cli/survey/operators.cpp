#include "cli/survey/operators.hpp"

#include "cli/nodes/node_client.hpp"
#include "cli/nodes/node_url.hpp"
#include "cli/survey/documents.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> ask_and_note(node_client client, std::string group, std::string what, boost::json::object request,
                                   std::chrono::milliseconds within, std::shared_ptr<std::optional<error>> objection) {
    const auto asked = co_await client.operate(std::move(group), std::move(what), std::move(request), within);
    const bool under_way =
        !asked && (asked.error().code == errc::in_progress || asked.error().code == errc::outcome_unknown);
    if (!asked && !under_way) *objection = asked.error();
}

}  // namespace

error nobody_leads(const group_state& group) {
    const auto why = find_warnings(group);
    return {errc::no_leader, "group " + group.group + ": " + (why.empty() ? "nobody leads" : why.front())};
}

awaited_succession await_succession(const invocation& run, const group_state& group, std::string heir) {
    awaited_succession awaited;
    awaited.group = group.group;
    awaited.from_term = group.leader->term;
    awaited.heir = std::move(heir);
    awaited.deadline = std::chrono::steady_clock::now() + run.asked.within(changing_time);
    return awaited;
}

asio::awaitable<result<exit_code>> finish_succession(invocation& run, awaited_succession what) {
    const auto ended = co_await follow(run, std::move(what));
    if (!ended) co_return ended.error();
    run.print.print(describe_leaders({*ended}, std::chrono::system_clock::now()));
    co_return exit_code::done;
}

result<node_url> node_to_ask(const invocation& run, const group_state& group) {
    const member_state* leader = group.leader ? group.find(group.leader->node) : nullptr;
    if (leader != nullptr && !leader->record.http_endpoint.empty()) return parse_node_url(leader->record.http_endpoint);
    if (!run.from.nodes.empty()) return run.from.nodes.front();
    return error{errc::refused, "group " + group.group +
                                    "'s leader publishes no HTTP address to ask it at; name a "
                                    "node with --node"};
}

void ask_node(invocation& run, const group_state& group, std::string what, boost::json::object request,
              const awaited_succession& awaited) {
    const auto where = node_to_ask(run, group);
    if (!where) {
        *awaited.objection = where.error();
        return;
    }
    const auto token = run.from.token_for(*where, run.from.operator_token);
    if (!token) {
        *awaited.objection = token.error();
        return;
    }
    const auto within = run.asked.within(changing_time);
    request["within_ms"] = within.count();
    asio::co_spawn(run.with.get_executor(),
                   ask_and_note(run.from.client(*where, *token), group.group, std::move(what), std::move(request),
                                within, awaited.objection),
                   asio::detached);
}

}  // namespace penholder::cli
