#pragma once

#include "model/write_answer.hpp"
#include "pending.hpp"
#include "router_options.hpp"

#include <chrono>

namespace penholder {

/// What becomes of a pending write after an attempt ended.
struct next_step {
    enum class kind {
        settle,   ///< The receipt is the caller's answer.
        reject,   ///< Certainly not applied, and trying again is of no use.
        doubt,    ///< Trying again is of no use, and an earlier attempt may have been applied.
        unknown,  ///< It may have happened, or may be happening; the reason says why nobody can tell now.
        retry,    ///< Wait `delay`, or the next leader or link, then the same write id again.
    };
    kind what = kind::retry;
    std::chrono::milliseconds delay{};
};

/// The retry rules. `one` already knows whether this or an earlier attempt is in doubt.
next_step after_attempt(const pending_write& one, const write_answer& answer, const router_options& settings);

}  // namespace penholder
