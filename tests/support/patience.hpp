#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace penholder::testing {

/// How long a test waits for what should take a moment; sanitized builds get four times as long.
std::chrono::milliseconds patience(std::chrono::milliseconds usual);

/// True as soon as the condition holds, false when it still does not after `most` (stretched by patience).
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds most = std::chrono::seconds(10));

/// As eventually, but throws std::runtime_error saying what was waited for in vain.
void wait_until(std::string_view what, const std::function<bool()>& condition,
                std::chrono::milliseconds most = std::chrono::seconds(10));

}  // namespace penholder::testing
