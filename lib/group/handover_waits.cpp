#include "handover_waits.hpp"

#include "election/handover_rules.hpp"

#include <algorithm>
#include <utility>

namespace penholder::group {

void handover_waits::wait(ticket from, time_point until) {
    all_.push_back({from, until, std::nullopt, false});
}

handover_waits::answers handover_waits::requested(ticket from, const result<term>& from_term) {
    const auto found = std::ranges::find(all_, from, &waiting::from);
    if (found == all_.end()) return {};
    if (from_term) {
        found->from_term = *from_term;
        return {};
    }
    all_.erase(found);
    return {{from, from_term.error()}};
}

handover_waits::answers handover_waits::review(const leadership& now,
                                               const std::optional<election::handover_request>& request) {
    answers out;
    std::erase_if(all_, [&](waiting& one) {
        auto told = outcome(one, now, request);
        if (told) out.push_back({one.from, std::move(*told)});
        return told.has_value();
    });
    return out;
}

std::optional<result<leadership>> handover_waits::outcome(
    waiting& one, const leadership& now, const std::optional<election::handover_request>& request) const {
    if (!one.from_term) return std::nullopt;
    using election::handover_progress;
    switch (election::progress_of_handover(*one.from_term, one.request_seen, {now.term}, now.leader_serving, request)) {
        case handover_progress::done: return result<leadership>(now);
        case handover_progress::refused:
            return result<leadership>(
                error{errc::refused, "the leader of group " + group_ + " did not hand over: the heir could not lead"});
        case handover_progress::under_way: break;
    }
    one.request_seen = one.request_seen || election::request_stands(request, *one.from_term);
    return std::nullopt;
}

handover_waits::answers handover_waits::refuse(const error& why) {
    answers out;
    for (const auto& one : std::exchange(all_, {})) out.push_back({one.from, why});
    return out;
}

handover_waits::answers handover_waits::time_passed(time_point now) {
    answers out;
    std::erase_if(all_, [&](const waiting& one) {
        if (now < one.deadline) return false;
        out.push_back({one.from, error{errc::in_progress, "the handover of group " + group_ +
                                                              " is still under way; `penholder status` shows how far "
                                                              "it is"}});
        return true;
    });
    return out;
}

std::optional<time_point> handover_waits::next_deadline() const {
    if (all_.empty()) return std::nullopt;
    return std::ranges::min_element(all_, {}, &waiting::deadline)->deadline;
}

}  // namespace penholder::group
