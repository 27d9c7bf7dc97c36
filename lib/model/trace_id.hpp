#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace penholder {

inline constexpr std::size_t trace_id_digits = 32;

/// Lower-case hexadecimal digits, as the W3C's Trace Context wants them.
constexpr bool is_lower_hex(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Whether it names a trace: 32 such digits, not all of them 0.
constexpr bool is_trace_id(std::string_view text) noexcept {
    return text.size() == trace_id_digits && is_lower_hex(text) &&
           text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace penholder
