#include "meaning.hpp"

#include "scanner.hpp"

#include <vector>

namespace penholder::sql {
namespace {

/// No text holds it.
constexpr char behind_token = '\0';

/// As PostgreSQL's downcase_identifier, whatever the encoding and the locale.
char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string meaning_of(std::string_view sql) {
    auto tokens = scan(sql);
    if (!tokens) return std::string(sql);
    while (!tokens->empty() && tokens->back().is_symbol(';')) tokens->pop_back();
    std::string made;
    made.reserve(sql.size() + tokens->size());
    for (const auto& one : *tokens) {
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
