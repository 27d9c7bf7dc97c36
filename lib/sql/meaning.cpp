#include "meaning.hpp"

#include "scanner.hpp"

#include <vector>

namespace penholder::sql {
namespace {

/// No text holds it.
constexpr char behind_token = '\0';
/// No token is one alone: it marks those whose text is another token's, too.
constexpr char mark = '\'';
/// Space for PostgreSQL 16 and an error for earlier ones.
constexpr char vertical_tab = '\v';

/// As PostgreSQL's downcase_identifier, whatever the encoding and the locale.
char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// 1a and $1a: PostgreSQL 15 refuses what earlier ones took for 1 a.
bool touches_word(const token& one, const token& next) {
    using enum token::kind;
    const bool begins_with_digit = one.what == integer || one.what == number || one.what == parameter;
    return begins_with_digit && next.what == word && next.text.data() == one.text.data() + one.text.size();
}

}  // namespace

std::string meaning_of(std::string_view sql) {
    auto tokens = scan(sql);
    if (!tokens || sql.find(vertical_tab) != std::string_view::npos) return std::string(sql);
    while (!tokens->empty() && tokens->back().is_symbol(';')) tokens->pop_back();
    std::string made;
    made.reserve(sql.size() + tokens->size());
    for (std::size_t at = 0; at < tokens->size(); ++at) {
        const auto& one = (*tokens)[at];
        const bool touches = at + 1 < tokens->size() && touches_word(one, (*tokens)[at + 1]);
        if (one.what == token::kind::national || touches) made += mark;
        if (one.what == token::kind::word) {
            for (const char c : one.text) made += folded(c);
        } else {
            made += one.text;
        }
        made += behind_token;
    }
    return made;
}

}  // namespace penholder::sql
