#include "ids.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <random>

namespace penholder {
namespace {

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

}  // namespace

incarnation incarnation::random() {
    std::random_device device;
    return {(std::uint64_t{device()} << 32U) | device()};
}

std::string incarnation::text() const {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

std::string make_origin(std::string_view node, incarnation life) {
    return std::string(node) + "." + life.text();
}

std::optional<origin_write_id> parse_origin_write_id(std::string_view text) {
    const auto dot = text.rfind('.');
    if (text.size() < 4 || text.size() > 128 || text.front() != '~' || dot == std::string_view::npos || dot < 2) {
        return std::nullopt;
    }
    std::uint64_t sequence = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + dot + 1, end, sequence);
    if (parsed.ec != std::errc{} || parsed.ptr != end || sequence == 0) return std::nullopt;
    origin_write_id id{std::string(text.substr(1, dot - 1)), sequence};
    const bool canonical = std::ranges::all_of(id.origin, is_name_character) && id.text() == text;
    return canonical ? std::optional(std::move(id)) : std::nullopt;
}

result<> check_key(std::string_view key) {
    if (key.empty() || key.size() > 256) {
        return error{errc::malformed_write, "a write id is 1 to 256 bytes long, this one has " +
                                                std::to_string(key.size()) + "; use a shorter key"};
    }
    if (key.front() == '~') {
        return error{errc::malformed_write, "write ids that begin with '~' are given by nodes; choose another key"};
    }
    if (!std::ranges::all_of(key, [](char c) { return c >= 0x21 && c <= 0x7e; })) {
        return error{errc::malformed_write,
                     "a write id is printable ASCII without spaces; encode the key, for example as base64 or hex"};
    }
    return {};
}

result<> check_name(std::string_view what, std::string_view name) {
    if (name.empty() || name.size() > 64 || name == "." || name == ".." ||
        !std::ranges::all_of(name, is_name_character)) {
        return error{errc::invalid_argument, std::string(what) + " '" + std::string(name) +
                                                 "' is no valid name: use 1 to 64 letters, digits, '.', '_' or '-'"};
    }
    return {};
}

}  // namespace penholder
