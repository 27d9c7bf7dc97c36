#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace penholder::group {

/// Names one link to a leader between the machine and its shell; never given twice.
struct link_id {
    std::uint64_t value = 0;
    auto operator<=>(const link_id&) const = default;
};

/// Names one lane between the machine and its shell; never given twice.
struct lane_id {
    std::uint64_t value = 0;
    auto operator<=>(const lane_id&) const = default;
};

/// The leader that a link is to.
struct link_target {
    penholder::term term;
    std::string leader;
    std::string endpoint;                    ///< host:port
    std::optional<incarnation> leader_life;  ///< The one expected to answer; whichever does first, if unknown.
    std::chrono::milliseconds patience{0};   ///< So long a lost link may stay so, where nothing waits for it.

    friend bool operator==(const link_target&, const link_target&) = default;
};

}  // namespace penholder::group
