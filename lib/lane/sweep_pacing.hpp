#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace penholder::lane {

/// When the ledger is swept: when that is asked for, and while there is more to forget than a step takes, step by step.
/// Between two steps there is thirty times as long as a step takes, or until so many keys were recorded as a step
/// forgets: so the ledger stays as large as its retention makes it, whatever the rate. Pure; owned by the batcher.
class sweep_pacing {
public:
    using time_point = std::chrono::steady_clock::time_point;

    void ask() { asked_ = true; }

    /// `recorded`: how many keys were recorded since the lane began.
    bool is_due(std::uint64_t recorded, time_point now) const {
        return asked_ || (next_ && (now >= *next_ || recorded - recorded_ >= step_keys));
    }

    bool is_asked() const noexcept { return asked_; }

    void on_begin(std::uint64_t recorded, time_point now) {
        asked_ = false;
        next_.reset();
        began_ = now;
        recorded_ = recorded;
    }

    /// A step forgot so many keys.
    void on_end(std::uint64_t forgotten, time_point now) {
        if (forgotten >= step_keys) next_ = now + 30 * (now - began_);
    }

    /// When it is due at the latest, if it is to go on.
    time_point due() const { return next_.value_or(time_point::max()); }

    static constexpr int step_keys = 2000;

private:
    bool asked_ = false;
    std::optional<time_point> next_;
    time_point began_{};
    std::uint64_t recorded_ = 0;  ///< When the last step began.
};

}  // namespace penholder::lane
