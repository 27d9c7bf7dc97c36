#include "cli/text.hpp"

#include <algorithm>

namespace penholder::cli {

std::size_t width(std::string_view text) noexcept {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    return static_cast<std::size_t>(std::ranges::count_if(text, [&](char c) { return !continues(c); }));
}

}  // namespace penholder::cli
