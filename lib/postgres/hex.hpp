#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penholder::postgres {

/// The bytes that pg_catalog.encode(…, 'hex') shows so.
inline std::string unhex(std::string_view text) {
    std::string bytes;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        bytes += static_cast<char>((digit(text[at]) << 4) | digit(text[at + 1]));
    }
    return bytes;
}

}  // namespace penholder::postgres
