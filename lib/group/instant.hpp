#pragma once

#include <chrono>

namespace penholder::group {

using time_point = std::chrono::steady_clock::time_point;

/// The time of an event, as the shell's clocks show it. Everything is decided by the steady one; the wall clock's time
/// goes into records for people.
struct instant {
    time_point steady{};
    std::chrono::system_clock::time_point wall{};
};

}  // namespace penholder::group
