#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace penholder::config {

/// The name among `known` that `typed` was probably meant to be: at most a third of its letters differ.
std::optional<std::string_view> nearest(std::string_view typed, const std::vector<std::string_view>& known);

}  // namespace penholder::config
