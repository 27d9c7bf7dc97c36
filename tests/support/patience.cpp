#include "patience.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace penholder::testing {

std::chrono::milliseconds patience(std::chrono::milliseconds usual) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return usual * 4;
#else
    static const bool shared_machine = std::getenv("CI") != nullptr;
    return shared_machine ? usual * 2 : usual;
#endif
}

// What other processes do can only be asked for again and again; this is the one place that does.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + patience(most);
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

void wait_until(std::string_view what, const std::function<bool()>& condition, std::chrono::milliseconds most) {
    if (eventually(condition, most)) return;
    throw std::runtime_error(fmt::format("waited {} ms in vain: {}", patience(most).count(), what));
}

}  // namespace penholder::testing
