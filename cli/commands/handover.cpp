#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/survey/documents.hpp"
#include "cli/survey/operators.hpp"
#include "cli/survey/succession.hpp"

#include <algorithm>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

// Why the heir cannot be asked to lead, judged by what can be seen; the one who is asked judges again.
std::optional<error> objection_to(const group_state& group, const std::string& heir) {
    const member_state* known = group.find(heir);
    if (known == nullptr) {
        return error{errc::node_not_found,
                     "group " + group.group + " has no member '" + heir + "'; penholder members shows those there are"};
    }
    if (known->record.role_wanted == "observer") {
        return error{errc::refused, heir + " is an observer and never leads; choose another heir"};
    }
    if (known->eligible == false) {
        const bool drained = std::ranges::find(group.drained, heir) != group.drained.end();
        const auto why = drained ? "drained: `penholder undrain " + heir + "` ends that" : known->health;
        return error{errc::refused, heir + " is not eligible (" + why + "); choose another heir"};
    }
    return std::nullopt;
}

asio::awaitable<result<>> ask_for_handover(invocation& run, const group_state& group, std::string heir,
                                           awaited_succession& awaited) {
    if (!run.from.has_ensemble()) {
        boost::json::object request;
        if (!heir.empty()) request["to"] = heir;
        ask_node(run, group, "handover", std::move(request), awaited);
        co_return result<>{};
    }
    const auto session = co_await run.with.reach(run.asked.within(reading_time));
    if (!session) co_return session.error();
    const auto asked = co_await zookeeper::request_handover(**session, run.from.ensemble.root, group.group,
                                                            std::move(heir), term{awaited.from_term});
    if (!asked) co_return asked.error();
    awaited.requested = true;
    co_return result<>{};
}

asio::awaitable<result<exit_code>> handover(invocation& run, std::string heir) {
    const auto group = co_await look_at_one(run, depth::everything);
    if (!group) co_return group.error();
    if (!group->leader) co_return nobody_leads(*group);
    if (group->leader->node == heir) {
        run.print.say(heir + " leads group " + group->group + " already; nothing to do");
        run.print.print(describe_leaders({*group}, std::chrono::system_clock::now()));
        co_return exit_code::done;
    }
    if (!heir.empty()) {
        if (auto objection = objection_to(*group, heir)) co_return std::move(*objection);
    }
    auto awaited = await_succession(run, *group, heir);
    run.print.say("asking " + group->leader->node + " (term " + std::to_string(group->leader->term) +
                  ") to hand over to " + (heir.empty() ? "the next in succession" : heir));
    const auto asked = co_await ask_for_handover(run, *group, std::move(heir), awaited);
    if (!asked) co_return asked.error();
    co_return co_await finish_succession(run, std::move(awaited));
}

}  // namespace

void add_handover(command_line& to) {
    const auto heir = std::make_shared<std::string>();
    auto& command = to.add("handover", "Asks the leader to hand over, and waits until the next one serves",
                           [heir](invocation& run) { return handover(run, *heir); });
    command.add_option("--to", *heir, "Who shall lead; without it the next in succession")->type_name("NODE");
}

}  // namespace penholder::cli
