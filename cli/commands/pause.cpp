#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nodes/node_client.hpp"
#include "cli/survey/operators.hpp"

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

document describe_pause(const group_state& group, bool paused) {
    document made;
    made.data = {{"group", group.group}, {"paused", paused}, {"was_paused", group.paused}};
    made.columns = {{"group"}, {"paused"}, {"was_paused"}};
    const auto text = [](bool flag) { return std::string(flag ? "yes" : "no"); };
    made.sections.push_back({{}, {{group.group, text(paused), text(group.paused)}}});
    return made;
}

asio::awaitable<result<>> ask_for_pause(invocation& run, const group_state& group, bool paused) {
    if (!run.from.has_ensemble()) {
        const auto where = node_to_ask(run, group);
        if (!where) co_return where.error();
        const auto token = run.from.token_for(*where, run.from.operator_token);
        if (!token) co_return token.error();
        const auto client = run.from.client(*where, *token);
        co_return co_await client.operate(group.group, paused ? "pause" : "resume", {}, run.asked.within(reading_time));
    }
    const auto session = co_await run.with.reach(run.asked.within(reading_time));
    if (!session) co_return session.error();
    co_return co_await zookeeper::request_pause(**session, run.from.ensemble.root, group.group, paused);
}

asio::awaitable<result<exit_code>> set_pause(invocation& run, bool paused) {
    const auto group = co_await look_at_one(run, depth::leadership);
    if (!group) co_return group.error();
    if (group->paused == paused) {
        run.print.say("group " + group->group + (paused ? " is paused already" : " is not paused") + "; nothing to do");
    } else {
        const auto done = co_await ask_for_pause(run, *group, paused);
        if (!done) co_return done.error();
    }
    run.print.print(describe_pause(*group, paused));
    co_return exit_code::done;
}

}  // namespace

void add_pause(command_line& to) {
    to.add("pause", "From now on nobody is elected; a sitting leader stays",
           [](invocation& run) { return set_pause(run, true); });
}

void add_resume(command_line& to) {
    to.add("resume", "Ends a pause: a vacancy is filled again", [](invocation& run) { return set_pause(run, false); });
}

}  // namespace penholder::cli
