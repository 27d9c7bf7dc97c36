#include "utf8.hpp"

#include <algorithm>
#include <cassert>

namespace penholder {
namespace {

/// The bytes that may come second after `first`: RFC 3629's table.
struct second_bytes {
    unsigned char low;
    unsigned char high;
};

second_bytes allowed_after(unsigned char first) noexcept {
    switch (first) {
        case 0xe0: return {0xa0, 0xbf};
        case 0xed: return {0x80, 0x9f};
        case 0xf0: return {0x90, 0xbf};
        case 0xf4: return {0x80, 0x8f};
        default: return {0x80, 0xbf};
    }
}

std::size_t wanted_length(unsigned char first) noexcept {
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const auto first = static_cast<unsigned char>(text.front());
    const auto length = wanted_length(first);
    if (length < 2 || text.size() < length) return text.size() < length ? 0 : length;
    const auto second = static_cast<unsigned char>(text[1]);
    const auto [low, high] = allowed_after(first);
    if (second < low || second > high) return 0;
    const auto rest = text.substr(2, length - 2);
    const bool continued =
        std::ranges::all_of(rest, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; });
    return continued ? length : 0;
}

std::string_view utf8_beginning(std::string_view text, std::size_t most_bytes) noexcept {
    if (text.size() <= most_bytes) return text;
    constexpr unsigned char continuing = 0x80;
    auto end = most_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == continuing) --end;
    return text.substr(0, end);
}

text_piece first_piece(std::string_view text) noexcept {
    assert(!text.empty());
    const auto length = utf8_length(text);
    if (length == 0) return {text.substr(0, 1), false, false, 0};
    const auto first = static_cast<unsigned char>(text.front());
    const auto last = static_cast<unsigned char>(text[length - 1]);
    const bool is_c1 = length == 2 && first == 0xc2 && last < 0xa0;
    const bool is_control = is_c1 || first < 0x20 || first == 0x7f;
    return {text.substr(0, length), true, is_control, is_control ? last : static_cast<unsigned char>(0)};
}

}  // namespace penholder
