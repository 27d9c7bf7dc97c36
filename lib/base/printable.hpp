#pragma once

#include <string>
#include <string_view>

namespace penholder {

/// The text with every byte that is no UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// The text as valid UTF-8 on one line, harmless to a terminal: `\n`, `\t`, and `\xHH` for every other control
/// character, C1 ones included.
std::string printable(std::string_view text);

/// As `printable`, with the line breaks kept.
std::string printable_lines(std::string_view text);

/// Appends the text as a JSON string, with every control character escaped, DEL and the C1 ones too, and every byte
/// that is no UTF-8 replaced by U+FFFD.
void append_json_string(std::string& into, std::string_view text);

}  // namespace penholder
