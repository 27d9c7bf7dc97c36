#include "handover.hpp"

#include "questions.hpp"
#include "succession.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace penholder::election {
namespace {

/// A node's name, `next_in_succession`, or nothing.
std::string heir_wanted(const group_snapshot& seen, const own_state::serving& own, const handover_situation& in) {
    const auto& request = seen.control.handover;
    auto named = request && request->from_term == own.term ? request->to : std::string();
    const bool anybody = own.resigning || own.unreached || in.stopping || in.retiring;
    return anybody && (named.empty() || named == own.heir_timed_out) ? std::string(next_in_succession) : named;
}

/// Nobody has asked for this handover but the leader itself, which goes on until somebody can take over.
bool may_stay(const own_state::serving& own, const handover_situation& in) {
    return (in.retiring || own.unreached) && !in.stopping && !own.resigning;
}

/// It is to go for no other reason than that nobody reaches it: where its heir would not be reached either, nothing is
/// gained. An operator's request is another reason.
bool seeks_reach(const group_snapshot& seen, const own_state::serving& own, const handover_situation& in) {
    const auto& request = seen.control.handover;
    const bool is_asked = request && request->from_term == own.term && request->to != own.heir_timed_out;
    return own.unreached && may_stay(own, in) && !in.retiring && !is_asked;
}

bool may_be_reached(const group_snapshot& seen, const std::string& node) {
    return std::ranges::none_of(
        seen.candidates, [&](const candidate_seen& each) { return each.record.node == node && each.record.unreached; });
}

/// Of a leader that may stay.
any_step stay(const group_snapshot& seen, const handover_situation& in) {
    if (!in.retiring) return step::stay{};
    return seen.control.paused ? any_step(step::none{}) : step::look_again{};
}

error no_heir(const std::string& wanted, const own_state::serving& own, const handover_situation& in) {
    const std::string group(in.group);
    if (wanted == own.heir_timed_out) {
        return {errc::refused, "node " + wanted + " did not take over group " + group + " within " +
                                   std::to_string(in.heir_within.count()) +
                                   " ms, so nothing has changed; see that it runs"};
    }
    return {errc::refused, (wanted == next_in_succession ? "no other node" : "node " + wanted) + " could lead group " +
                               group + " now; see that it runs and reaches its database"};
}

}  // namespace

any_step next_handover_step(const group_snapshot& seen, const own_state::serving& own, const handover_situation& in) {
    const auto& request = seen.control.handover;
    const auto wanted = heir_wanted(seen, own, in);
    if (wanted.empty() && request) return step::ask{question_to_clear_handover(seen)};
    if (wanted.empty()) return step::none{};
    const bool agreed = request && request->agreed && request->from_term == own.term;
    if (agreed && request->to != own.heir_timed_out) return step::wait_for_heir{request->to};
    if (seen.control.paused && in.stopping) return step::drain{};
    if (seen.control.paused && !request && may_stay(own, in)) return stay(seen, in);
    if (seen.control.paused) {
        return step::refuse{{errc::paused, "group " + std::string(in.group) + " is paused; resume it first"}};
    }
    if (!in.full_read_stands) return step::read{scope::full};
    auto heir = choose_heir(seen, wanted, in.node, own.heir_timed_out);
    const bool seeks = seeks_reach(seen, own, in);
    if (!heir.empty() && (!seeks || may_be_reached(seen, heir))) {
        return step::name_heir{std::move(heir), wanted == next_in_succession && !seeks};
    }
    if (in.stopping) return step::drain{};
    if (!request && may_stay(own, in)) return stay(seen, in);
    return step::refuse{no_heir(wanted, own, in)};
}

std::string choose_heir(const group_snapshot& seen, std::string_view wanted, std::string_view leader,
                        std::string_view timed_out) {
    if (wanted.empty()) return {};
    const bool anybody = wanted == next_in_succession;
    auto others = seen.contenders(leader);
    std::erase_if(others, [&](const contender& each) { return each.node.empty() || each.node == timed_out; });
    const auto order = in_succession(std::move(others), anybody ? std::string_view() : wanted);
    if (order.empty() || (!anybody && order.front().node != wanted)) return {};
    return order.front().node;
}

}  // namespace penholder::election
