#pragma once

#include "simulation/timeline.hpp"

#include <string>

namespace penholder {

/// The simulation's own time, so that a seed leaves the same words each time.
inline std::string timestamp_now() {
    const auto now = simulation::present().now().time_since_epoch() - std::chrono::hours(1);
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) + " ms";
}

}  // namespace penholder
