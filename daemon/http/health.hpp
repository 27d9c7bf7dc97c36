#pragma once

#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <string>
#include <vector>

namespace penholder::daemon {

/// Why a node should not get traffic yet, a sentence each; empty when it should. A follower is ready while its leader
/// lets it in, and so is a node that lost the ensemble while it still knows its leader.
std::vector<std::string> unready_because(const node_status& now, const options& settings, bool stopping);

}  // namespace penholder::daemon
