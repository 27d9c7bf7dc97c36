#include "log_event.hpp"

#include "utf8.hpp"

#include <algorithm>

namespace penholder {
namespace {

bool is_bare(char c) noexcept {
    constexpr std::string_view marks = "_-.:/@~+,%*()[]<>";
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
}

void append_hex(std::string& line, unsigned char byte) {
    static constexpr std::string_view digits = "0123456789abcdef";
    line += "\\x";
    line += digits[byte >> 4U];
    line += digits[byte & 15U];
}

void append_control(std::string& line, unsigned char byte) {
    switch (byte) {
        case '\n': line += "\\n"; return;
        case '\r': line += "\\r"; return;
        case '\t': line += "\\t"; return;
        default: append_hex(line, byte); return;
    }
}

}  // namespace

void append_log_value(std::string& line, std::string_view value) {
    if (!value.empty() && std::ranges::all_of(value, is_bare)) {
        line += value;
        return;
    }
    line += '"';
    while (!value.empty()) {
        const auto piece = first_piece(value);
        if (!piece.is_valid || (piece.is_control && piece.bytes.size() == 2)) {
            for (const char byte : piece.bytes) append_hex(line, static_cast<unsigned char>(byte));
        } else if (piece.is_control) {
            append_control(line, piece.code);
        } else {
            if (piece.bytes == "\"" || piece.bytes == "\\") line += '\\';
            line += piece.bytes;
        }
        value.remove_prefix(piece.bytes.size());
    }
    line += '"';
}

log_event::log_event(spdlog::level::level_enum level, std::string_view event)
    : level_(level), wanted_(log().should_log(level)) {
    if (wanted_) line_ = event;
}

log_event::~log_event() {
    if (wanted_) log().log(level_, spdlog::string_view_t(line_.data(), line_.size()));
}

void log_event::add(std::string_view key, std::string_view value) {
    line_ += ' ';
    line_ += key;
    line_ += '=';
    append_log_value(line_, value);
}

}  // namespace penholder
