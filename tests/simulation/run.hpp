#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace penholder::simulation {

/// What a run is asked for.
struct orders {
    std::optional<std::uint64_t> seed;  ///< Only this one.
    std::optional<std::uint64_t> base;  ///< The first fresh seed; else drawn.
    std::chrono::milliseconds longest{60'000};
    std::uint64_t schedules = std::numeric_limits<std::uint64_t>::max();
    bool transcript = false;
    bool recorded = false;
    bool mutations = false;
};

/// Runs and prints; the process's exit code.
int carry_out(const orders& wanted);

}  // namespace penholder::simulation
