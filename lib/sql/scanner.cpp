#include "scanner.hpp"

#include "words.hpp"

#include <algorithm>

namespace penholder::sql {
namespace {

using kind = token::kind;

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool begins_word(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool in_word(char c) {
    return begins_word(c) || is_digit(c) || c == '$';
}
bool in_operator(char c) {
    return std::string_view("~!@#^&|`?+-*/%<>=").find(c) != std::string_view::npos;
}
/// An operator that ends in + or - holds one of these, or ends before it: so "a<-1" is a comparison.
bool keeps_sign(std::string_view op) {
    return op.find_first_of("~!@#^&|`?%") != std::string_view::npos;
}

/// Cuts one text. Every `take_` begins at its token's first character and answers false where the token has no end.
class cutter {
public:
    explicit cutter(std::string_view sql) : sql_(sql) {}

    bool run() {
        tokens.reserve(std::min<std::size_t>(sql_.size() / 4 + 1, 256));
        while (at_ < sql_.size()) {
            if (!take_one()) return false;
        }
        return true;
    }
    std::vector<token> tokens;

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

    bool take_one() {
        const char c = peek();
        if (is_space(c)) return ++at_, true;
        if (c == '-' && peek(1) == '-') return skip_line(), true;
        if (c == '/' && peek(1) == '*') return skip_block();
        if (c == '\'') return take_string(kind::string, 0);
        if (c == '"') return take_quoted(kind::quoted, 0);
        if (c == '$') return take_dollar();
        if (begins_word(c)) return take_prefixed(lower(c));
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return take_number();
        return take_mark(c);
    }

    /// A word, or a string or identifier with a letter before its quote.
    bool take_prefixed(char c) {
        if (c == 'e' && peek(1) == '\'') return take_string(kind::escape_string, 1);
        if (c == 'b' && peek(1) == '\'') return take_string(kind::bits, 1);
        if (c == 'x' && peek(1) == '\'') return take_string(kind::hex_bits, 1);
        if (c == 'n' && peek(1) == '\'') return add(kind::national, at_ + 1);
        if (c == 'u' && peek(1) == '&' && peek(2) == '\'') return take_string(kind::unicode_string, 2);
        if (c == 'u' && peek(1) == '&' && peek(2) == '"') return take_quoted(kind::unicode_quoted, 2);
        return add(kind::word, end_of(in_word, at_));
    }

    bool add(kind what, std::size_t end) {
        tokens.push_back({what, false, sql_.substr(at_, end - at_)});
        at_ = end;
        return true;
    }

    template <class Belongs>
    std::size_t end_of(Belongs belongs, std::size_t from) const {
        while (from < sql_.size() && belongs(sql_[from])) ++from;
        return from;
    }

    void skip_line() {
        while (at_ < sql_.size() && !is_line_end(sql_[at_])) ++at_;
    }

    bool skip_block() {
        int depth = 0;
        do {
            if (at_ >= sql_.size()) return false;
            const bool opens = peek() == '/' && peek(1) == '*';
            const bool closes = peek() == '*' && peek(1) == '/';
            depth += opens ? 1 : closes ? -1 : 0;
            at_ += opens || closes ? 2 : 1;
        } while (depth > 0);
        return true;
    }

    /// Behind a string's closing quote: the quote that goes on with it, if only space, line comments and at least one
    /// line's end are between.
    std::size_t continuation(std::size_t from) const {
        bool line_ended = false;
        while (from < sql_.size()) {
            if (is_space(sql_[from])) {
                line_ended = line_ended || is_line_end(sql_[from]);
                ++from;
            } else if (sql_.substr(from, 2) == "--") {
                while (from < sql_.size() && !is_line_end(sql_[from])) ++from;
            } else {
                break;
            }
        }
        return line_ended && from < sql_.size() && sql_[from] == '\'' ? from : std::string_view::npos;
    }

    bool take_string(kind what, std::size_t prefix) {
        bool joined = false;
        const bool doubles = what != kind::bits && what != kind::hex_bits;
        for (auto end = at_ + prefix + 1; end < sql_.size(); ++end) {
            if (sql_[end] == '\\' && what == kind::escape_string) {
                ++end;
            } else if (sql_[end] == '\'' && doubles && end + 1 < sql_.size() && sql_[end + 1] == '\'') {
                ++end;
            } else if (sql_[end] == '\'') {
                const auto more = continuation(end + 1);
                if (more == std::string_view::npos) {
                    add(what, end + 1);
                    tokens.back().joined = joined;
                    return true;
                }
                joined = true;
                end = more;
            }
        }
        return false;
    }

    bool take_quoted(kind what, std::size_t prefix) {
        for (auto end = at_ + prefix + 1; end < sql_.size(); ++end) {
            if (sql_[end] != '"') continue;
            if (end + 1 >= sql_.size() || sql_[end + 1] != '"') return add(what, end + 1);
            ++end;
        }
        return false;
    }

    bool take_dollar() {
        if (is_digit(peek(1))) return add(kind::parameter, end_of(is_digit, at_ + 1));
        auto end = at_ + 1;
        if (begins_word(peek(1))) end = end_of([](char c) { return in_word(c) && c != '$'; }, end);
        if (end >= sql_.size() || sql_[end] != '$') return add(kind::symbol, at_ + 1);
        const auto tag = sql_.substr(at_, end + 1 - at_);
        const auto close = sql_.find(tag, end + 1);
        if (close == std::string_view::npos) return false;
        return add(kind::string, close + tag.size());
    }

    bool take_number() {
        if (const auto end = end_of_based(); end > at_) return add(kind::newer_number, end);
        auto end = end_of_digits(is_digit, at_);
        auto what = kind::integer;
        const bool range = sql_.substr(end, 2) == "..";
        if (end < sql_.size() && sql_[end] == '.' && !range) {
            what = kind::number;
            end = end_of_digits(is_digit, end + 1);
        }
        if (end < sql_.size() && lower(sql_[end]) == 'e') {
            const bool sign = end + 1 < sql_.size() && (sql_[end + 1] == '+' || sql_[end + 1] == '-');
            const auto digits = end + (sign ? 2 : 1);
            if (const auto exponent = end_of_digits(is_digit, digits); exponent > digits) {
                what = kind::number;
                end = exponent;
            }
        }
        const bool grouped = sql_.substr(at_, end - at_).find('_') != std::string_view::npos;
        return add(grouped ? kind::newer_number : what, end);
    }

    /// Digits, since PostgreSQL 16 with single underscores between them.
    template <class Digit>
    std::size_t end_of_digits(Digit is_one, std::size_t from) const {
        auto end = end_of(is_one, from);
        while (end > from && end + 1 < sql_.size() && sql_[end] == '_' && is_one(sql_[end + 1]))
            end = end_of(is_one, end + 1);
        return end;
    }

    /// The end of an integer with a base, as 0x1F and 0b_1, which PostgreSQL 15 does not know; or where it begins.
    std::size_t end_of_based() const {
        if (peek() != '0' || std::string_view("xob").find(lower(peek(1))) == std::string_view::npos) return at_;
        const auto digits = at_ + (peek(2) == '_' ? 3 : 2);
        const auto end = end_of_digits(is_hex_digit, digits);
        return end > digits ? end : at_;
    }

    bool take_mark(char c) {
        for (const std::string_view pair : {"::", "..", ":="}) {
            if (sql_.substr(at_, 2) == pair) return add(kind::symbol, at_ + 2);
        }
        return in_operator(c) ? take_operator() : add(kind::symbol, at_ + 1);
    }

    bool take_operator() {
        auto end = end_of(in_operator, at_);
        for (const std::string_view comment : {"/*", "--"}) {
            end = std::min(end, std::max(sql_.substr(0, end).find(comment, at_), at_));
        }
        while (end - at_ > 1 && (sql_[end - 1] == '+' || sql_[end - 1] == '-') &&
               !keeps_sign(sql_.substr(at_, end - at_ - 1))) {
            --end;
        }
        return add(kind::operation, end);
    }

    std::string_view sql_;
    std::size_t at_ = 0;
};

bool equals_lower(std::string_view text, std::string_view lowered) noexcept {
    return std::ranges::equal(text, lowered, [](char a, char b) { return lower(a) == b; });
}

}  // namespace

bool token::is_word(std::string_view lowered) const noexcept {
    return what == kind::word && equals_lower(text, lowered);
}

bool token::is_identifier(std::string_view lowered) const noexcept {
    return is_word(lowered) || (what == kind::quoted && text.substr(1, text.size() - 2) == lowered);
}

bool token::is_string() const noexcept {
    return what == kind::string || what == kind::escape_string || what == kind::unicode_string;
}

result<std::vector<token>> scan(std::string_view sql) {
    cutter text(sql);
    if (!text.run())
        return error{errc::malformed_write, "a statement ends inside a string, an identifier or a comment"};
    return std::move(text.tokens);
}

}  // namespace penholder::sql
