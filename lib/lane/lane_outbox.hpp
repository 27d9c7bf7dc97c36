#pragma once

#include "lane_action.hpp"
#include "model/ticket.hpp"

#include <chrono>
#include <utility>

namespace penholder::lane {

/// The actions that one event of a lane leads to, in order, and what was asked for by earlier ones: `begin` soon, and
/// `begin` at a time. Neither is asked for twice. Owned by the applier.
class lane_outbox {
public:
    using time_point = std::chrono::steady_clock::time_point;

    template <class Action>
    void push(Action what) {
        actions_.emplace_back(std::move(what));
    }
    lane_actions take() { return std::exchange(actions_, {}); }

    /// Answers that follow each other go out together.
    void answer(ticket whose, write_answer said) {
        if (actions_.empty() || !std::holds_alternative<action::answers>(actions_.back())) push(action::answers{});
        std::get<action::answers>(actions_.back()).all.push_back({whose, std::move(said)});
    }

    void wake() {
        if (!std::exchange(waking_, true)) push(action::begin_soon{});
    }
    void wake_at(time_point when) {
        if (when >= asked_for_) return;
        asked_for_ = when;
        push(action::begin_at{when});
    }

    /// `begin` was called.
    void woke(time_point now) {
        waking_ = false;
        if (now >= asked_for_) asked_for_ = time_point::max();
    }

private:
    lane_actions actions_;
    time_point asked_for_ = time_point::max();
    bool waking_ = false;
};

}  // namespace penholder::lane
