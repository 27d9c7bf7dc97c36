#pragma once

#include <cstddef>
#include <string_view>

namespace penholder {

/// How many bytes the UTF-8 sequence at the beginning of `text` has; 0 where there is none that is valid (RFC 3629:
/// shortest form only, no surrogates, nothing past U+10FFFF).
std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace penholder
