#include "printable.hpp"

#include "utf8.hpp"

#include <fmt/format.h>

#include <iterator>

namespace penholder {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string escaped_control(unsigned char code) {
    switch (code) {
        case '\n': return "\\n";
        case '\t': return "\\t";
        default: return fmt::format("\\x{:02x}", code);
    }
}

void append_json_control(std::string& into, unsigned char code) {
    switch (code) {
        case '\n': into += "\\n"; return;
        case '\r': into += "\\r"; return;
        case '\t': into += "\\t"; return;
        default: fmt::format_to(std::back_inserter(into), "\\u{:04x}", code); return;
    }
}

template <class Escape>
std::string rewritten(std::string_view text, Escape escape) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto piece = first_piece(text);
        out += !piece.is_valid ? std::string(replacement) : piece.is_control ? escape(piece) : std::string(piece.bytes);
        text.remove_prefix(piece.bytes.size());
    }
    return out;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    return rewritten(text, [](const text_piece& piece) { return std::string(piece.bytes); });
}

std::string printable(std::string_view text) {
    return rewritten(text, [](const text_piece& piece) { return escaped_control(piece.code); });
}

std::string printable_lines(std::string_view text) {
    return rewritten(text,
                     [](const text_piece& piece) { return piece.code == '\n' ? "\n" : escaped_control(piece.code); });
}

void append_json_string(std::string& into, std::string_view text) {
    into += '"';
    while (!text.empty()) {
        const auto piece = first_piece(text);
        if (!piece.is_valid) {
            into += replacement;
        } else if (piece.is_control) {
            append_json_control(into, piece.code);
        } else {
            if (piece.bytes == "\"" || piece.bytes == "\\") into += '\\';
            into += piece.bytes;
        }
        text.remove_prefix(piece.bytes.size());
    }
    into += '"';
}

}  // namespace penholder
