#include "statement_notes.hpp"

#include "sql/sql_lexer.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

constexpr std::size_t most_notes = 1024;
constexpr std::size_t longest_text = 4096;

statement_note look_at(const std::string& sql) {
    statement_note made{.permitted = sql::screen_statement(sql)};
    made.countable = made.permitted && is_countable(sql);
    return made;
}

/// A parenthesis that closes what the statement did not open would close what is put around it.
bool is_balanced(const std::vector<sql::sql_token>& words) {
    int depth = 0;
    for (const auto& word : words) {
        depth += word.is_symbol('(') ? 1 : word.is_symbol(')') ? -1 : 0;
        if (depth < 0) return false;
    }
    return depth == 0;
}

}  // namespace

statement_note& statement_notes::of(const std::string& sql) {
    if (const auto found = notes_.find(sql); found != notes_.end()) return found->second;
    if (sql.size() > longest_text) return passing_ = look_at(sql);
    if (notes_.size() >= most_notes) notes_.clear();
    return notes_.emplace(sql, look_at(sql)).first->second;
}

result<sql::screened> screen(const write& what, statement_notes& notes) {
    if (what.statements().empty()) return sql::screen(what);
    sql::screened all;
    for (const auto& one : what.statements()) {
        const auto& permitted = notes.of(one.sql()).permitted;
        if (!permitted) return permitted;
        all.alone = all.alone || permitted->alone;
        if (const auto fit = sql::screen_params(one); !fit) return fit.error();
    }
    return all;
}

bool is_countable(const std::string& sql) {
    const auto words = sql::cut(sql);
    if (!words || words->empty()) return false;
    const auto& first = words->front();
    if (!first.is_word("insert") && !first.is_word("update") && !first.is_word("delete")) return false;
    return is_balanced(*words) && std::ranges::none_of(*words, [](const sql::sql_token& word) {
               return word.is_word("returning") || word.is_word("current") || word.is_symbol(';');
           });
}

std::string counted_statement(const std::string& sql, std::size_t params) {
    return "WITH penholder_counted AS (" + sql + "\nRETURNING 1) SELECT 1 / (count(*) = $" +
           std::to_string(params + 1) + ")::int FROM penholder_counted";
}

}  // namespace penholder::lane
