#pragma once

#include "configuration.hpp"
#include "problems.hpp"

namespace penholder::config {

/// Finds where a key was set: "link.listen", "group[0].name".
using locate = std::function<position(const std::string& path)>;

/// What no key can tell by itself: names, addresses, secrets where strangers could connect, and times that contradict
/// each other.
void check(const configuration& settings, const locate& where, problems& found);

}  // namespace penholder::config
