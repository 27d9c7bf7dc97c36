#include "statement_notes.hpp"

#include "sql/scanner.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

/// A parenthesis that closes what the statement did not open would close what is put around it.
bool is_balanced(const std::vector<sql::token>& words) {
    int depth = 0;
    for (const auto& word : words) {
        depth += word.is_symbol('(') ? 1 : word.is_symbol(')') ? -1 : 0;
        if (depth < 0) return false;
    }
    return depth == 0;
}

}  // namespace

statement_note& statement_notes::of(const std::string& sql) {
    return notes_.of(sql, [](const std::string& text) { return statement_note{.countable = is_countable(text)}; });
}

bool is_countable(const std::string& sql) {
    const auto words = sql::scan(sql);
    if (!words || words->empty()) return false;
    const auto& first = words->front();
    if (!first.is_word("insert") && !first.is_word("update") && !first.is_word("delete")) return false;
    return is_balanced(*words) && std::ranges::none_of(*words, [](const sql::token& word) {
               return word.is_word("returning") || word.is_word("current") || word.is_symbol(';');
           });
}

std::string counted_statement(const std::string& sql, std::size_t params) {
    return "WITH penholder_counted AS (" + sql + "\nRETURNING 1) SELECT 1 / (count(*) = $" +
           std::to_string(params + 1) + ")::int FROM penholder_counted";
}

}  // namespace penholder::lane
