#include "write_id.hpp"

#include "ids.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace penholder {
namespace {

constexpr std::size_t longest_given = 128;

/// Where the parts of an origin's write id are in its text.
struct given_parts {
    std::size_t origin_size = 0;
    std::uint64_t sequence = 0;
};

/// A text has one form only: a sequence number that begins with a zero is none.
std::optional<given_parts> parts_of(std::string_view text) {
    const auto dot = text.rfind('.');
    if (text.size() < 4 || text.size() > longest_given || text.front() != '~' || dot == std::string_view::npos ||
        dot < 2 || dot + 1 == text.size() || text[dot + 1] == '0') {
        return std::nullopt;
    }
    given_parts found{.origin_size = dot - 1, .sequence = 0};
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + dot + 1, end, found.sequence);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return std::ranges::all_of(text.substr(1, found.origin_size), is_name_character) ? std::optional(found)
                                                                                     : std::nullopt;
}

std::string text_of(std::string_view origin, std::uint64_t sequence) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), sequence).ptr;
    std::string text;
    text.reserve(origin.size() + 2 + static_cast<std::size_t>(end - digits));
    return text.append(1, '~').append(origin).append(1, '.').append(digits, end);
}

}  // namespace

result<> check_key(std::string_view text) {
    if (text.empty()) {
        return error{errc::malformed_write,
                     "a write id is 1 to 256 bytes long, this one is empty; give a key, or none"};
    }
    if (text.size() > 256) {
        return error{errc::malformed_write, "a write id is 1 to 256 bytes long, this one has " +
                                                std::to_string(text.size()) + "; use a shorter key"};
    }
    if (text.front() == '~') {
        return error{errc::malformed_write, "write ids that begin with '~' are given by nodes; choose another key"};
    }
    if (!std::ranges::all_of(text, [](char c) { return c >= 0x21 && c <= 0x7e; })) {
        return error{errc::malformed_write,
                     "a write id is printable ASCII without spaces; encode the key, for example as base64 or hex"};
    }
    return {};
}

result<application_key> application_key::parse(std::string text) {
    if (const auto fit = check_key(text); !fit) return fit.error();
    return application_key(std::move(text));
}

origin_write_id::origin_write_id(std::string_view origin, std::uint64_t sequence)
    : text_(text_of(origin, sequence)), origin_size_(origin.size()), sequence_(sequence) {
    assert(!origin.empty() && sequence != 0);
}

std::optional<origin_write_id> origin_write_id::parse(std::string_view text) {
    const auto parts = parts_of(text);
    if (!parts) return std::nullopt;
    return origin_write_id(std::string(text), parts->origin_size, parts->sequence);
}

result<write_id> write_id::parse(std::string text) {
    if (const auto parts = parts_of(text)) {
        return write_id(origin_write_id(std::move(text), parts->origin_size, parts->sequence));
    }
    auto key = application_key::parse(std::move(text));
    if (!key) return key.error();
    return write_id(std::move(*key));
}

const std::string& write_id::text() const noexcept {
    if (const auto* own = given()) return own->text();
    return std::get_if<application_key>(&value_)->text();
}

std::string write_id::take_text() && {
    return std::visit([](auto& one) { return std::move(one).take_text(); }, value_);
}

}  // namespace penholder
