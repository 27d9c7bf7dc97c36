#pragma once

#include <cstddef>
#include <string_view>

namespace penholder::cli {

/// How many columns the text takes on a terminal, counted in code points. Requires valid UTF-8.
std::size_t width(std::string_view text) noexcept;

}  // namespace penholder::cli
