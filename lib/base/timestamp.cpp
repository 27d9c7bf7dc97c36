#include "timestamp.hpp"

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

}  // namespace penholder
