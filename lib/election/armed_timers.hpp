#pragma once

#include "action.hpp"
#include "event.hpp"

#include <array>
#include <chrono>

namespace penholder::election {

/// The elector's timers: at most one of each kind is armed, and one that was replaced fires for nobody.
class armed_timers {
public:
    action::arm arm(timer which, std::chrono::milliseconds delay) {
        at(which) = ++last_;
        return {which, last_, delay};
    }
    void disarm(timer which) { at(which) = 0; }
    bool is_armed(timer which) const { return armed_[static_cast<std::size_t>(which)] != 0; }

    /// Whether it is the one that is armed; it is not any more after this.
    bool fired(const event::timer_fired& what) {
        if (what.ticket == 0 || at(what.which) != what.ticket) return false;
        at(what.which) = 0;
        return true;
    }

private:
    ticket& at(timer which) { return armed_[static_cast<std::size_t>(which)]; }

    std::array<ticket, timers> armed_{};
    ticket last_ = 0;
};

}  // namespace penholder::election
