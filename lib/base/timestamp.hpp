#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penholder {

/// ISO 8601 in UTC with milliseconds, such as "2024-05-01T12:00:00.250Z"; RFC 3339 allows the same.
std::string timestamp(std::chrono::system_clock::time_point when);

/// The time that `timestamp` shows so; nothing where it shows none so.
std::optional<std::chrono::system_clock::time_point> timestamp_in(std::string_view text);

/// As it is kept and sent: milliseconds since 1970. A number past what the clock can show is no time: 1970.
std::uint64_t to_epoch_ms(std::chrono::system_clock::time_point when);
std::chrono::system_clock::time_point from_epoch_ms(std::uint64_t number);

inline std::string timestamp_now() {
    return timestamp(std::chrono::system_clock::now());
}

}  // namespace penholder
