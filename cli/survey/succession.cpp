#include "cli/survey/succession.hpp"

#include "cli/pause.hpp"

#include <algorithm>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds looking_interval{50};

std::string phase_of(const group_state& group, std::uint64_t from_term) {
    if (!group.leader) return "nobody leads yet";
    const leader_state& leader = *group.leader;
    const auto& request = group.handover;
    if (leader.term <= from_term && request && request->agreed) {
        return leader.node + " leads term " + std::to_string(leader.term) + " until " + request->to + " takes over";
    }
    if (leader.term <= from_term) return leader.node + " still leads term " + std::to_string(leader.term);
    return leader.node + " leads term " + std::to_string(leader.term) + ", " + std::string(to_string(leader.phase));
}

bool is_over(const group_state& group, std::uint64_t from_term) {
    return group.leader && group.leader->term > from_term && group.leader->phase != leader_phase::fencing;
}

/// The request is gone and nothing has changed. Only the ensemble can tell: what nodes say holds no terms.
bool is_refused(const group_state& group, const awaited_succession& what) {
    const bool seen_there = !group.terms.empty() && group.leader && group.leader->term == what.from_term;
    return what.requested && seen_there && (!group.handover || group.handover->from_term.value != what.from_term);
}

error refusal(const group_state& group, const awaited_succession& what) {
    return {errc::refused, group.leader->node + " did not hand over group " + what.group + ": " +
                               (what.heir.empty() ? "nobody could" : what.heir + " did not") +
                               " take over; look at penholder status and try again"};
}

result<group_state> judge(group_state group, const awaited_succession& what) {
    const std::string& leader = group.leader->node;
    if (what.heir.empty() || what.heir == leader) return group;
    return error{errc::refused, leader + " leads group " + what.group + " now, not " + what.heir + "; look at " +
                                    what.heir + "'s health with penholder status and try again"};
}

error still_under_way(const awaited_succession& what, const std::string& phase) {
    return {errc::in_progress, "the change of leader in group " + what.group + " is still in progress (" + phase +
                                   "); nothing is lost, follow it with penholder watch"};
}

}  // namespace

asio::awaitable<result<group_state>> follow(invocation& run, awaited_succession what) {
    std::string phase;
    while (true) {
        const auto left = std::chrono::duration_cast<milliseconds>(what.deadline - clock::now());
        const survey seen = co_await run.surveys.look(what.group, depth::leadership, std::max(left, looking_interval));
        auto groups = conclude(seen, what.group);
        if (!groups.empty()) {
            std::string now = phase_of(groups.front(), what.from_term);
            if (now != phase) run.print.say(now);
            phase = std::move(now);
            if (is_over(groups.front(), what.from_term)) co_return judge(std::move(groups.front()), what);
            if (is_refused(groups.front(), what)) co_return refusal(groups.front(), what);
        }
        if (*what.objection) co_return **what.objection;
        if (clock::now() >= what.deadline) co_return still_under_way(what, phase);
        co_await pause_for(std::min(looking_interval, left));
    }
}

}  // namespace penholder::cli
