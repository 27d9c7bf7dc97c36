#pragma once

#include "timeline.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::simulation {

/// How one seed's schedule ended.
struct verdict {
    std::uint64_t seed = 0;
    std::optional<std::string> broken;  ///< The first promise that was.
    duration settling{};                ///< Virtual time from the end of the faults until all was well.
    std::uint64_t steps = 0;
    std::string transcript;  ///< When it was asked for.
};

/// Runs a whole cluster under the faults of `seed`: first everything must be safe, then all is mended and it must
/// come to rest. The same seed runs the same way each time, told or not.
verdict run_schedule(std::uint64_t seed, bool told = false);

}  // namespace penholder::simulation
