#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace penholder::lane {

/// A step of the sweep: the first that was asked for, or one that goes on.
struct sweep_step {
    bool first = true;
    std::uint64_t from = 0;  ///< No key that is older is left; microseconds since 1970.
};

/// When the ledger is swept: when that is asked for, and while there is more to forget than a step takes, step by step.
/// Between two steps there is fifty times as long as a step takes, or until so many keys were recorded as a step
/// forgets: so the ledger stays as large as its retention makes it, whatever the rate. Pure; owned by the batcher.
class sweep_pacing {
public:
    using time_point = std::chrono::steady_clock::time_point;

    void ask() { asked_ = true; }

    /// `recorded`: how many keys were recorded since the lane began.
    bool is_due(std::uint64_t recorded, time_point now) const {
        return asked_ || (next_ && (now >= *next_ || recorded - recorded_ >= step_keys));
    }

    sweep_step on_begin(std::uint64_t recorded, time_point now) {
        next_.reset();
        began_ = now;
        recorded_ = recorded;
        return {std::exchange(asked_, false), from_};
    }

    /// A step left nothing older than `swept_to`.
    void on_end(std::uint64_t swept_to, bool more, time_point now) {
        from_ = swept_to;
        if (more) next_ = now + 50 * (now - began_);
    }

    /// To a server that may hold what another one had forgotten.
    void on_connected() { from_ = 0; }

    /// When it is due at the latest, if it is to go on.
    time_point due() const { return next_.value_or(time_point::max()); }

    static constexpr int step_keys = 2000;

private:
    bool asked_ = false;
    std::optional<time_point> next_;
    time_point began_{};
    std::uint64_t recorded_ = 0;  ///< When the last step began.
    std::uint64_t from_ = 0;
};

}  // namespace penholder::lane
