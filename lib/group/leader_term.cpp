#include "leader_term.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace penholder::group {

term_actions leader_term::begin(term next) {
    auto out = end();
    term_ = next;
    out.push_back(action::raise_fence{next});
    return out;
}

term_actions leader_term::fence_answered(term which, const result<fence_answer>& answer) {
    if (term_ != which || lane_) return {};
    if (!answer) return {fence_refused{which, answer.error(), std::nullopt}};
    if (!answer->raised) {
        const auto& holder = answer->record;
        error why{errc::fenced,
                  "term " + std::to_string(holder.term.value) + " of " + holder.leader + " holds the fence"};
        return {fence_refused{which, std::move(why), holder.term}};
    }
    ++lanes_.value;
    lane_ = lanes_;
    return {action::open_lane{lanes_, which}, fence_held{which, answer->record.lineage.last.at}};
}

term_actions leader_term::drain() {
    if (lane_) return {action::drain_lane{*lane_}};
    if (term_) return {term_drained{*term_}};
    return {};
}

term_actions leader_term::lane_drained(lane_id which) {
    if (which == lane_) {
        assert(term_);
        return {term_drained{*term_}};
    }
    if (which != last_lane_) return {};
    last_lane_.reset();
    return {action::close_lane{which}};
}

term_actions leader_term::step_down() {
    term_.reset();
    if (!lane_) return {};
    term_actions out;
    if (last_lane_) out.push_back(action::close_lane{*last_lane_});
    last_lane_ = std::exchange(lane_, std::nullopt);
    out.push_back(action::drain_lane{*last_lane_});
    return out;
}

term_actions leader_term::end() {
    term_.reset();
    term_actions out;
    if (const auto old = std::exchange(last_lane_, std::nullopt)) out.push_back(action::close_lane{*old});
    if (const auto old = std::exchange(lane_, std::nullopt)) out.push_back(action::close_lane{*old});
    return out;
}

}  // namespace penholder::group
