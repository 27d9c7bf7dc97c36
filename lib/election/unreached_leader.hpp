#pragma once

#include "base/backoff.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace penholder::election {

/// No follower could link to this node while it led. It stands behind all others for a while, longer each time, and
/// other leaders that nobody reaches do not hand over to it: so leadership comes to a node that can be reached, where
/// there is one, and rests where there is none. Owned by the elector's state.
class unreached_leader {
public:
    using duration = std::chrono::milliseconds;

    static constexpr duration first_pause{60'000};
    static constexpr duration longest_pause{3'600'000};
    static constexpr duration peace{300'000};  ///< After so long without such a leadership the pauses begin anew.

    explicit unreached_leader(std::uint64_t seed) : pauses_(first_pause, longest_pause, seed) {}

    /// It leads, and nobody reaches it. How long it stands behind the others from now on.
    duration found() {
        if (!std::exchange(active_, true)) pause_ = pauses_.next();
        return pause_;
    }
    /// The pause is over, or a follower has linked to it. True where it stood behind the others until now.
    bool over() noexcept { return std::exchange(active_, false); }
    void left_in_peace() noexcept { pauses_.reset(); }

    bool is_active() const noexcept { return active_; }

private:
    backoff pauses_;
    duration pause_{};
    bool active_ = false;
};

}  // namespace penholder::election
