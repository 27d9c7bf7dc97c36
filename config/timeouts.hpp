#pragma once

#include "configuration.hpp"

#include <string>
#include <vector>

namespace penholder::config {

/// One waiting time that is in force, in the order in which it acts.
struct timeout {
    std::string story;  ///< What is going on: "the leader falls silent", "a write of group orders".
    std::string key;    ///< Where it is set: "link.silence_timeout_ms".
    long long value_ms = 0;
    std::string meaning;  ///< What happens when it ends.
};

/// Every waiting time of a configuration, told story by story.
std::vector<timeout> effective_timeouts(const configuration& settings);

/// The same as text for people, a line each under its story's heading.
std::string render_timeouts(const configuration& settings);

}  // namespace penholder::config
