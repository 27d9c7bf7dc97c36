#include "transcript.hpp"

#include "world.hpp"

#include <array>

namespace penholder::simulation {

void transcript::line(std::string_view who, std::string_view what) {
    const auto since = present().now().time_since_epoch() - std::chrono::hours(1);
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
    text_ += fmt::format("{:>9}.{:03} ms  {:<6} {}\n", us / 1000, us % 1000, who, what);
}

std::string_view name_of(int place) noexcept {
    static constexpr std::array<std::string_view, 6> names{"world", "n1", "n2", "n3", "n4", "n5"};
    return names.at(static_cast<std::size_t>(place));
}

transcript* present_transcript() noexcept {
    return the_world().told;
}

}  // namespace penholder::simulation
