#include "log_line.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <charconv>

namespace penholder {
namespace {

/// Takes a line apart from its beginning; the first thing that does not fit makes it `failed`.
struct reader {
    std::string_view rest;
    bool failed = false;

    bool take(char wanted) {
        if (rest.empty() || rest.front() != wanted) return false;
        rest.remove_prefix(1);
        return true;
    }

    std::string name() {
        const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
        const auto end = std::ranges::find_if_not(rest, is_name);
        std::string found(rest.begin(), end);
        rest.remove_prefix(found.size());
        failed = failed || found.empty();
        return found;
    }

    std::string bare() {
        const auto end = std::min(rest.find(' '), rest.size());
        std::string found(rest.substr(0, end));
        rest.remove_prefix(end);
        failed = failed || found.empty() || found.find_first_of("\"\\=") != std::string::npos;
        return found;
    }

    char escaped() {
        if (rest.empty()) return fail();
        const char kind = rest.front();
        rest.remove_prefix(1);
        switch (kind) {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '"':
            case '\\': return kind;
            case 'x': return hex();
            default: return fail();
        }
    }

    char hex() {
        unsigned value = 0;
        const auto digits = rest.substr(0, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2) return fail();
        rest.remove_prefix(2);
        return static_cast<char>(value);
    }

    char fail() {
        failed = true;
        return 0;
    }

    std::string quoted() {
        std::string found;
        while (!failed) {
            if (rest.empty()) {
                failed = true;
            } else if (take('"')) {
                return found;
            } else if (take('\\')) {
                found += escaped();
            } else {
                found += rest.front();
                rest.remove_prefix(1);
            }
        }
        return found;
    }

    std::string value() { return take('"') ? quoted() : bare(); }
};

bool is_clean(std::string_view text) {
    while (!text.empty()) {
        const auto piece = first_piece(text);
        if (!piece.is_valid || piece.is_control) return false;
        text.remove_prefix(piece.bytes.size());
    }
    return true;
}

}  // namespace

std::string log_line::field(std::string_view key) const {
    const auto found = std::ranges::find(fields, key, &std::pair<std::string, std::string>::first);
    return found == fields.end() ? std::string() : found->second;
}

std::optional<log_line> parse_log_line(std::string_view text) {
    if (!is_clean(text)) return std::nullopt;
    reader from{text};
    log_line line{from.name(), {}};
    while (!from.failed && !from.rest.empty()) {
        if (!from.take(' ')) return std::nullopt;
        auto key = from.name();
        if (!from.take('=')) return std::nullopt;
        line.fields.emplace_back(std::move(key), from.value());
    }
    if (from.failed) return std::nullopt;
    return line;
}

}  // namespace penholder
