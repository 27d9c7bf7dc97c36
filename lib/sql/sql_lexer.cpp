#include "sql_lexer.hpp"

#include <algorithm>

namespace penholder::sql {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool in_word(char c) {
    return begins_word(c) || is_digit(c) || c == '$';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Cuts one text. Every `take_` begins at its construct's first character and answers false where the end is missing.
class lexer {
public:
    explicit lexer(std::string_view sql) : sql_(sql) {}

    bool run() {
        while (at_ < sql_.size()) {
            if (!take_one()) return false;
        }
        return true;
    }
    std::vector<sql_token> tokens;

private:
    using kind = sql_token::kind;

    char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

    bool take_one() {
        const char c = peek();
        if (is_space(c)) return ++at_, true;
        if (c == '-' && peek(1) == '-') return take_line_comment();
        if (c == '/' && peek(1) == '*') return take_block_comment();
        if (c == '\'') return take_string(false);
        if (c == '"') return take_quoted();
        if (c == '$') return take_dollar();
        if (lower(c) == 'e' && peek(1) == '\'') return ++at_, take_string(true);
        if (lower(c) == 'u' && peek(1) == '&' && peek(2) == '\'') return at_ += 2, take_string(false);
        if (begins_word(c)) return take_while(kind::word, in_word);
        if (is_digit(c)) return take_while(kind::number, is_digit);
        tokens.push_back({kind::symbol, std::string(1, c)});
        return ++at_, true;
    }

    template <class Belongs>
    bool take_while(kind what, Belongs belongs) {
        sql_token token{what, {}};
        while (at_ < sql_.size() && belongs(peek())) token.text += lower(sql_[at_++]);
        tokens.push_back(std::move(token));
        return true;
    }

    bool take_line_comment() {
        at_ = std::min(sql_.find_first_of("\r\n", at_), sql_.size());
        return true;
    }

    bool take_block_comment() {
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

    bool take_string(bool backslashes) {
        tokens.push_back({kind::string, {}});
        for (++at_; at_ < sql_.size(); ++at_) {
            if (backslashes && peek() == '\\') {
                ++at_;
            } else if (peek() == '\'') {
                if (peek(1) != '\'') return ++at_, true;
                ++at_;
            }
        }
        return false;
    }

    bool take_quoted() {
        sql_token token{kind::quoted, {}};
        for (++at_; at_ < sql_.size(); ++at_) {
            if (peek() == '"') {
                if (peek(1) != '"') return ++at_, tokens.push_back(std::move(token)), true;
                ++at_;
            }
            token.text += peek();
        }
        return false;
    }

    bool take_dollar() {
        if (is_digit(peek(1))) return ++at_, take_while(kind::parameter, is_digit);
        auto end = at_ + 1;
        while (end < sql_.size() && in_word(sql_[end]) && sql_[end] != '$') ++end;
        if (end >= sql_.size() || sql_[end] != '$') {
            tokens.push_back({kind::symbol, "$"});
            return ++at_, true;
        }
        const auto tag = sql_.substr(at_, end + 1 - at_);
        const auto close = sql_.find(tag, end + 1);
        if (close == std::string_view::npos) return false;
        tokens.push_back({kind::string, {}});
        at_ = close + tag.size();
        return true;
    }

    std::string_view sql_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<sql_token>> cut(std::string_view sql) {
    lexer scan(sql);
    if (!scan.run()) return std::nullopt;
    return std::move(scan.tokens);
}

}  // namespace penholder::sql
