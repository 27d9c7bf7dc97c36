#pragma once

#include <chrono>
#include <string>

namespace penholder {

/// ISO 8601 in UTC with milliseconds, such as "2024-05-01T12:00:00.250Z".
std::string timestamp(std::chrono::system_clock::time_point when);

inline std::string timestamp_now() {
    return timestamp(std::chrono::system_clock::now());
}

}  // namespace penholder
