#include "timestamp.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace penholder {

std::string timestamp(std::chrono::system_clock::time_point when) {
    const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count();
    const auto seconds = static_cast<std::time_t>(since_epoch / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    char text[48];
    std::snprintf(text, sizeof text, "%s.%03dZ", date, static_cast<int>(since_epoch % 1000));
    return text;
}

/// What is no time comes back as another text. The clock counts nanoseconds, which end in the year 2262.
std::optional<std::chrono::system_clock::time_point> timestamp_in(std::string_view text) {
    constexpr std::string_view pattern = "0000-00-00T00:00:00.000Z";
    if (text.size() != pattern.size()) return std::nullopt;
    const auto number = [text](std::size_t from, std::size_t digits) {
        int value = -1;
        std::from_chars(text.data() + from, text.data() + from + digits, value);
        return value;
    };
    const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                          std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                          std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    if (!day.ok() || day.year() < std::chrono::year{1970} || day.year() > std::chrono::year{2261}) return std::nullopt;
    const auto of_day = std::chrono::hours{number(11, 2)} + std::chrono::minutes{number(14, 2)} +
                        std::chrono::seconds{number(17, 2)} + std::chrono::milliseconds{number(20, 3)};
    const auto found = std::chrono::sys_days{day} + of_day;
    return timestamp(found) == text ? std::optional<std::chrono::system_clock::time_point>(found) : std::nullopt;
}

std::uint64_t to_epoch_ms(std::chrono::system_clock::time_point when) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(since, 0));
}

std::chrono::system_clock::time_point from_epoch_ms(std::uint64_t number) {
    constexpr auto last = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::duration::max());
    if (number > static_cast<std::uint64_t>(last.count())) return {};
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(number));
}

}  // namespace penholder
