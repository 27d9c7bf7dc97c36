#pragma once

#include <cstddef>
#include <string_view>

namespace penholder {

/// How many bytes the UTF-8 sequence at the beginning of `text` has; 0 where there is none that is valid (RFC 3629:
/// shortest form only, no surrogates, nothing past U+10FFFF).
std::size_t utf8_length(std::string_view text) noexcept;

/// The beginning of `text`, of at most so many bytes, without a character that they would cut.
std::string_view utf8_beginning(std::string_view text, std::size_t most_bytes) noexcept;

/// What a text begins with: a character, or a byte that belongs to none.
struct text_piece {
    std::string_view bytes;
    bool is_valid = true;     ///< False for the byte.
    bool is_control = false;  ///< C0, DEL and the C1 controls, which steer terminals, too.
    unsigned char code = 0;   ///< Of a control character: its code point.
};

/// Requires that `text` is not empty.
text_piece first_piece(std::string_view text) noexcept;

}  // namespace penholder
