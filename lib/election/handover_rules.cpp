#include "handover_rules.hpp"

#include "succession.hpp"

#include <algorithm>
#include <cassert>

namespace penholder::election {
namespace {

result<> check_heir(const group_view& group, const std::string& heir) {
    const auto& leader = group.leader->node;
    if (heir == next_in_succession) {
        const bool anybody = std::ranges::any_of(
            group.candidates, [&](const candidate_view& each) { return each.eligible && each.node != leader; });
        if (anybody) return {};
        return error{errc::refused, "no other node could lead group " + group.group +
                                        " now; start one, or see that it reaches its database"};
    }
    if (heir == leader) return error{errc::refused, "node " + heir + " leads group " + group.group + " already"};
    if (std::ranges::find(group.members, heir, &member::node) == group.members.end()) {
        return error{errc::node_not_found, "no node " + heir + " has enrolled in group " + group.group +
                                               "; `penholder members` lists those that have"};
    }
    const auto* candidate = group.candidate_of(heir);
    if (candidate == nullptr) {
        return error{errc::refused,
                     "node " + heir + " is no candidate in group " + group.group + "; observers never lead"};
    }
    if (candidate->eligible) return {};
    return error{errc::refused,
                 "node " + heir + " cannot lead group " + group.group + " now; see that it reaches its database"};
}

}  // namespace

result<> may_request_handover(const group_view& group, const std::string& heir, term from_term) {
    if (!group.leader) {
        return error{errc::no_leader,
                     "nobody leads group " + group.group + ", so nobody can hand over; wait for the election"};
    }
    const auto present = group.leader->term;
    if (from_term != term{} && from_term != present) {
        return error{errc::refused, "term " + std::to_string(from_term.value) + " of group " + group.group +
                                        " is over; " + group.leader->node + " leads term " +
                                        std::to_string(present.value)};
    }
    if (group.control.paused) return error{errc::paused, "group " + group.group + " is paused; resume it first"};
    const auto& request = group.control.handover;
    if (request_stands(request, present) && !request->to.empty()) {
        return error{errc::in_progress,
                     "group " + group.group + " is being handed over to " + request->to + " already"};
    }
    return check_heir(group, heir);
}

bool is_about_to_stand(const group_view& group, const std::string& heir) {
    assert(group.leader);
    return std::ranges::any_of(group.members, [&](const member& each) {
        const bool meant = heir == next_in_succession ? each.node != group.leader->node : each.node == heir;
        return meant && each.role_wanted == "candidate" && group.candidate_of(each.node) == nullptr;
    });
}

bool request_stands(const std::optional<handover_request>& request, term from) noexcept {
    return request && request->from_term == from;
}

handover_progress progress_of_handover(term from, bool was_requested, term leader, bool leader_serves,
                                       const std::optional<handover_request>& request) noexcept {
    if (leader > from && leader_serves) return handover_progress::done;
    const bool gone = was_requested && !request_stands(request, from);
    return gone && leader == from ? handover_progress::refused : handover_progress::under_way;
}

}  // namespace penholder::election
