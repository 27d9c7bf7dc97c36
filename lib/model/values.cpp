#include "verdict.hpp"

#include <penholder/leadership.hpp>
#include <penholder/receipt.hpp>
#include <penholder/write.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace penholder {

parameter to_parameter(std::nullopt_t) {
    return std::nullopt;
}

parameter to_parameter(std::nullptr_t) {
    return std::nullopt;
}

parameter to_parameter(bool value) {
    return std::string(value ? "true" : "false");
}

parameter to_parameter(double value) {
    char text[32];
    const auto [end, failed] = std::to_chars(std::begin(text), std::end(text), value);
    return std::string(std::begin(text), failed == std::errc{} ? end : std::begin(text));
}

parameter to_parameter(std::string_view value) {
    return std::string(value);
}

namespace {

constexpr std::string_view needs_quotes = "\"\\{}, \t\n\r\v\f";

bool is_null_word(std::string_view text) {
    constexpr std::string_view word = "NULL";
    return std::ranges::equal(text, word, {}, [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
}

}  // namespace

void append_array_element(std::string& array, const parameter& element) {
    if (!element) {
        array += "NULL";
    } else if (!element->empty() && element->find_first_of(needs_quotes) == std::string::npos &&
               !is_null_word(*element)) {
        array += *element;
    } else {
        array += '"';
        for (const char c : *element) {
            if (c == '"' || c == '\\') array += '\\';
            array += c;
        }
        array += '"';
    }
}

std::string_view to_string(outcome what) noexcept {
    switch (what) {
        case outcome::committed: return "committed";
        case outcome::rejected: return "rejected";
        case outcome::unknown: break;
    }
    return "unknown";
}

std::string_view to_string(role what) noexcept {
    switch (what) {
        case role::offline: return "offline";
        case role::observer: return "observer";
        case role::follower: return "follower";
        case role::suspended: return "suspended";
        case role::fencing: return "fencing";
        case role::serving: break;
    }
    return "serving";
}

std::string_view to_string(write_verdict what) noexcept {
    switch (what) {
        case write_verdict::decided: return "decided";
        case write_verdict::handed_back: return "handed_back";
        case write_verdict::in_flight: return "in_flight";
        case write_verdict::in_doubt: break;
    }
    return "in_doubt";
}

std::string lsn_to_string(std::uint64_t lsn) {
    char text[24];
    const int length = std::snprintf(text, sizeof text, "%X/%X", static_cast<unsigned>(lsn >> 32U),
                                     static_cast<unsigned>(lsn & 0xFFFFFFFFU));
    return {text, static_cast<std::size_t>(length)};
}

std::optional<std::uint64_t> lsn_from_string(std::string_view text) noexcept {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    const char* middle = text.data() + slash;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), middle, high, 16);
    const auto second = std::from_chars(middle + 1, end, low, 16);
    if (first.ec != std::errc{} || second.ec != std::errc{} || first.ptr != middle || second.ptr != end) {
        return std::nullopt;
    }
    return (std::uint64_t{high} << 32U) | low;
}

}  // namespace penholder
