#pragma once

#include "elector_state.hpp"
#include "step.hpp"

namespace penholder::election {

/// The one next change, found by comparing what was last seen of the group with what ought to be. Pure. Requires a
/// session that is up and no question open.
any_step next_step(const elector_state& now);

}  // namespace penholder::election
