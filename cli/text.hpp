#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penholder::cli {

/// The text with every byte that is no UTF-8 replaced, so that any output is valid whatever a znode holds.
std::string valid_utf8(std::string_view text);

/// The text on one line and harmless to a terminal: control characters become \n, \t or \xNN.
std::string printable(std::string_view text);

/// How many columns the text takes on a terminal, counted in code points.
std::size_t width(std::string_view text) noexcept;

}  // namespace penholder::cli
