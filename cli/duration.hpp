#pragma once

#include <penholder/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::cli {

/// "500ms", "5s", "2m", "1h", "1d"; a bare number is seconds, with a fraction if need be. Errors: invalid_argument.
result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The two largest units: "2d4h", "3m12s", "12s", "350ms".
std::string duration_text(std::chrono::milliseconds length);

/// An ISO 8601 time in UTC, as all znodes and nodes write it; a fraction of a second is allowed.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);

/// The same, to the second: "2026-11-23T19:30:02Z".
std::string time_text(std::chrono::system_clock::time_point when);

}  // namespace penholder::cli
