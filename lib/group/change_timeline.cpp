#include "change_timeline.hpp"

#include <fmt/format.h>

#include <utility>

namespace penholder::group {

void change_timeline::detected(time_point when) {
    if (!detected_) detected_ = when;
}

void change_timeline::elected(time_point when) {
    began_ = std::exchange(detected_, std::nullopt).value_or(when);
    elected_ = when;
    fenced_ = serving_ = std::nullopt;
}

std::optional<std::vector<action::log::field>> change_timeline::report(std::optional<time_point> first_write) {
    const auto began = std::exchange(began_, std::nullopt);
    if (!began) return std::nullopt;
    const auto offset = [&](const std::optional<time_point>& when) {
        if (!when) return std::string("none");
        return fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(*when - *began).count());
    };
    return std::vector<action::log::field>{{"elected_ms", offset(elected_)},
                                           {"fenced_ms", offset(fenced_)},
                                           {"serving_ms", offset(serving_)},
                                           {"first_write_ms", offset(first_write)}};
}

}  // namespace penholder::group
