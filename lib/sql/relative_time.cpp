#include "relative_time.hpp"

#include "words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace penholder::sql {
namespace {

constexpr std::array<std::string_view, 4> relative{"now", "today", "tomorrow", "yesterday"};

/// Words that may stand beside one of those; but for them, a moment has one word more at most: its time zone.
constexpr std::array<std::string_view, 24> ignored{"at",   "on",    "am",  "pm",  "ad",   "bc",   "dst",      "t",
                                                   "z",    "j",     "mon", "tue", "tues", "wed",  "weds",     "thu",
                                                   "thur", "thurs", "fri", "sat", "sun",  "zulu", "allballs", "utc"};

constexpr std::size_t longest_moment = 256;  // MAXDATELEN is 128, and every character of it may be escaped.

bool is_letter(char c) noexcept {
    return lower(c) >= 'a' && lower(c) <= 'z';
}
/// What a time zone's name holds besides letters: America/Port-au-Prince, EST5EDT.
bool joins(char c) noexcept {
    return c == '/' || c == '_' || c == '-' || c == '+' || (c >= '0' && c <= '9');
}
bool separates(char c) noexcept {
    return c == '{' || c == '}' || c == '[' || c == ']' || c == '(' || c == ')' || c == ',' || c == '"' || c == '\\';
}

bool is_any_case_of(std::string_view word, const auto& words) noexcept {
    return std::ranges::any_of(words, [&](std::string_view one) {
        return std::ranges::equal(word, one, [](char a, char b) { return lower(a) == b; });
    });
}

/// One element of an array, a range or a row, or a whole text.
bool element_tells_time(std::string_view text) noexcept {
    if (text.size() > longest_moment) return false;
    bool found = false;
    int others = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_letter(text[at])) {
            ++at;
            continue;
        }
        bool name_counted = false;
        while (at < text.size() && (is_letter(text[at]) || joins(text[at]))) {
            const auto begin = at;
            while (at < text.size() && is_letter(text[at])) ++at;
            const auto word = text.substr(begin, at - begin);
            if (is_any_case_of(word, relative)) {
                found = true;
            } else if (!word.empty() && !name_counted && !is_any_case_of(word, ignored)) {
                name_counted = true;
                ++others;
            }
            while (at < text.size() && joins(text[at])) ++at;
        }
    }
    return found && others <= 1;
}

}  // namespace

bool may_tell_time(std::string_view text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n\r\f\v"), text.size()));
    const bool composed = !text.empty() && std::string_view("{[(").find(text.front()) != std::string_view::npos;
    if (!composed) return element_tells_time(text);
    while (!text.empty()) {
        const auto* const end = std::ranges::find_if(text, separates);
        const auto length = static_cast<std::size_t>(end - text.begin());
        if (element_tells_time(text.substr(0, length))) return true;
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    return false;
}

}  // namespace penholder::sql
