#pragma once

#include <cstdint>

namespace penholder::api {

/// How the `penholder` command ended, for scripts.
enum class exit_code : std::uint8_t {
    done = 0,
    failed = 1,
    usage = 2,
    no_leader = 3,
    refused = 4,               ///< The one who was asked said no, for good reasons.
    ensemble_unreachable = 5,  ///< What was asked for cannot be known without the ensemble.
    in_progress = 6,           ///< Still under way, or unproven, when the time-out ended.
};

}  // namespace penholder::api
