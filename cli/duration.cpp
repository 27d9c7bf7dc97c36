#include "cli/duration.hpp"

#include <fmt/chrono.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace penholder::cli {
namespace {

using std::chrono::milliseconds;

struct unit {
    std::string_view name;
    long long ms;
};
constexpr auto units =
    std::to_array<unit>({{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}});

error bad_duration(std::string_view text) {
    return {errc::invalid_argument,
            "'" + std::string(text) + "' is no duration; write for example 500ms, 5s, 2m or 1h"};
}

// The system clock counts nanoseconds since 1970 in 64 bits, so it ends in the year 2262.
bool is_plausible(const std::tm& parts) {
    const auto within = [](int value, int least, int most) { return value >= least && value <= most; };
    return within(parts.tm_year, 1970, 2261) && within(parts.tm_mon, 1, 12) && within(parts.tm_mday, 1, 31) &&
           within(parts.tm_hour, 0, 23) && within(parts.tm_min, 0, 59) && within(parts.tm_sec, 0, 60);
}

}  // namespace

result<milliseconds> parse_duration(std::string_view text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    const std::string_view name(rest, static_cast<std::size_t>(end - rest));
    if (failed != std::errc{} || !std::isfinite(number) || number < 0) return bad_duration(text);
    for (const unit& each : units) {
        if (name != each.name && !(name.empty() && each.name == "s")) continue;
        const double length = number * static_cast<double>(each.ms);
        if (length > 1e12) return bad_duration(text);
        return milliseconds(std::llround(length));
    }
    return bad_duration(text);
}

std::string duration_text(milliseconds length) {
    long long left = std::max<long long>(length.count(), 0);
    if (left < 1000) return std::to_string(left) + "ms";
    left -= left % 1000;
    std::string text;
    for (int shown = 0; const unit& each : units) {
        const long long count = left / each.ms;
        if (shown == 0 && count == 0) continue;
        if (count != 0) text += std::to_string(count) + std::string(each.name);
        left -= count * each.ms;
        if (++shown == 2) break;
    }
    return text;
}

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
    std::tm parts{};
    int length = 0;
    const std::string copy(text);
    const int found = std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
                                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &length);
    if (found != 6 || !copy.ends_with('Z')) return std::nullopt;
    if (!is_plausible(parts)) return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    double fraction = 0;
    const char* rest = copy.data() + length;
    if (*rest == '.') std::from_chars(rest, copy.data() + copy.size() - 1, fraction, std::chars_format::fixed);
    return std::chrono::system_clock::from_time_t(timegm(&parts)) + milliseconds(std::llround(fraction * 1000));
}

std::string time_text(std::chrono::system_clock::time_point when) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(when)));
}

}  // namespace penholder::cli
