#pragma once

#include <algorithm>
#include <string_view>

namespace penholder::sql {

/// As PostgreSQL folds the letters of SQL: only ASCII's.
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether this list of words has it, written exactly so.
constexpr bool is_one_of(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace penholder::sql
