#pragma once

#include "base/backoff.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace penholder::election {

/// The pause after a fence that could not be raised: while it lasts this node is not eligible, so that another may try.
/// The pauses grow until a fence is raised; the failure is remembered until then, or until somebody else serves.
class fence_backoff {
public:
    fence_backoff(std::chrono::milliseconds first, std::chrono::milliseconds most, std::uint64_t seed)
        : pauses_(first, most, seed) {}

    bool is_active() const noexcept { return active_; }

    /// Begins a pause of the length that is returned.
    std::chrono::milliseconds failed(error why) {
        failure_ = std::move(why);
        active_ = true;
        return pauses_.next();
    }
    void over() noexcept { active_ = false; }
    void raised() noexcept {
        pauses_.reset();
        failure_.reset();
    }
    void other_serves() noexcept { failure_.reset(); }

    /// What an operator should know: of an old failure only while nobody serves.
    std::optional<error> trouble(bool somebody_serves) const {
        return active_ || !somebody_serves ? failure_ : std::nullopt;
    }

private:
    backoff pauses_;
    bool active_ = false;
    std::optional<error> failure_;
};

}  // namespace penholder::election
