#include "cli/invocation.hpp"

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

error nobody_answered(const survey& seen) {
    if (seen.ensemble_trouble && seen.nodes.empty()) return *seen.ensemble_trouble;
    std::string what;
    if (seen.ensemble_trouble) what = seen.ensemble_trouble->message + "\n";
    for (const node_report& each : seen.nodes) what += each.why.message + "\n";
    return {seen.ensemble_trouble ? seen.ensemble_trouble->code : errc::link_lost, what};
}

std::string names_of(const std::vector<group_state>& groups) {
    std::string names;
    for (const group_state& each : groups) names += (names.empty() ? "" : ", ") + each.group;
    return names;
}

}  // namespace

asio::awaitable<result<findings>> look(invocation& run, depth how_far) {
    if (run.from.nowhere()) {
        co_return error{errc::invalid_argument,
                        "nobody said whom to ask; use --zookeeper, --node or --config (or PENHOLDER_ZOOKEEPER, "
                        "PENHOLDER_NODES, PENHOLDER_CONFIG)"};
    }
    survey seen = co_await run.surveys.look(run.asked.group, how_far, run.asked.within(reading_time));
    if (!seen.ensemble_reached() && !seen.node_reached()) co_return nobody_answered(seen);
    if (seen.ensemble_trouble) run.print.warn(seen.ensemble_trouble->message + "; showing what the nodes say");
    auto groups = conclude(seen, run.asked.group);
    if (groups.empty() && !run.asked.group.empty()) {
        co_return error{errc::unknown_group,
                        "there is no group '" + run.asked.group + "'; penholder status shows those there are"};
    }
    co_return findings{std::move(seen), std::move(groups)};
}

asio::awaitable<result<group_state>> look_at_one(invocation& run, depth how_far) {
    auto found = co_await look(run, how_far);
    if (!found) co_return found.error();
    if (found->groups.empty()) {
        co_return error{errc::unknown_group, "there is no group yet; groups appear when their first node starts"};
    }
    if (found->groups.size() > 1) {
        co_return error{errc::invalid_argument,
                        "there are several groups (" + names_of(found->groups) + "); say which with --group"};
    }
    co_return std::move(found->groups.front());
}

}  // namespace penholder::cli
