#include "screening.hpp"

#include "sql_lexer.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace penholder::sql {
namespace {

using tokens = std::vector<sql_token>;

struct text_kind {
    bool sets = false;  ///< It changes settings of its transaction.
};

constexpr std::array<std::string_view, 23> permitted{"select",  "insert",   "update",  "delete",  "merge",   "with",
                                                     "values",  "table",    "call",    "do",      "create",  "alter",
                                                     "drop",    "truncate", "comment", "grant",   "revoke",  "lock",
                                                     "refresh", "notify",   "analyze", "reindex", "security"};

constexpr std::array<std::string_view, 11> transaction_control{
    "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare", "close", "move"};

constexpr std::array<std::string_view, 4> session_locks{"pg_advisory_lock", "pg_advisory_lock_shared",
                                                        "pg_try_advisory_lock", "pg_try_advisory_lock_shared"};

error forbidden(std::string_view what, std::string_view why) {
    return {errc::forbidden_statement, std::string(what) + " is not permitted in a write: " + std::string(why)};
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

bool one_of(const sql_token& token, auto& words) {
    return token.what != sql_token::kind::string &&
           std::ranges::any_of(words, [&](auto word) { return token.is_identifier(word); });
}

/// SET is permitted only where it ends with the transaction and cannot change who executes it.
result<text_kind> screen_set(const tokens& words) {
    if (words.size() > 1 && words[1].is_word("constraints")) return text_kind{true};
    if (words.size() < 3 || !words[1].is_word("local")) {
        return forbidden("SET", "it would change the session for writes that follow; use SET LOCAL");
    }
    if (words[2].is_word("role") || words[2].is_word("session") || words[2].is_word("transaction")) {
        return forbidden("SET LOCAL " + upper(words[2].text), "the batch's transaction and role are Penholder's");
    }
    return text_kind{true};
}

result<text_kind> screen_first_word(const tokens& words) {
    const auto& first = words.front();
    if (first.is_symbol('(')) return text_kind{};
    if (first.is_word("set")) return screen_set(words);
    if (first.what == sql_token::kind::word && std::ranges::count(permitted, first.text) > 0) return text_kind{};
    if (std::ranges::count(transaction_control, first.text) > 0) {
        return forbidden(upper(first.text), "the transaction is the batch's; a write is atomic by itself");
    }
    return forbidden(upper(first.text),
                     "only statements that work inside a transaction and leave nothing in the session are");
}

/// True where set_config's third argument, at `open`'s parenthesis, is the plain word true.
bool is_local_set_config(const tokens& words, std::size_t open) {
    int depth = 0;
    int argument = 0;
    tokens third;
    for (auto at = open; at < words.size(); ++at) {
        if (words[at].is_symbol('(') && ++depth == 1) continue;
        if (words[at].is_symbol(')') && --depth == 0) break;
        if (words[at].is_symbol(',') && depth == 1) {
            ++argument;
        } else if (argument == 2) {
            third.push_back(words[at]);
        }
    }
    return third.size() == 1 && third.front().is_word("true");
}

bool is_temporary(const sql_token& word) {
    return word.is_word("temp") || word.is_word("temporary");
}

/// CREATE [OR REPLACE] [LOCAL|GLOBAL] TEMP…, and SELECT … INTO TEMP….
bool makes_temporary(const tokens& words, std::size_t at) {
    if (!is_temporary(words[at]) || at == 0) return false;
    const auto& before = words[at - 1];
    return before.is_word("create") || before.is_word("replace") || before.is_word("local") ||
           before.is_word("global") || before.is_word("into");
}

result<text_kind> screen_word(const tokens& words, std::size_t at) {
    const auto& word = words[at];
    const bool called = at + 1 < words.size() && words[at + 1].is_symbol('(');
    if (word.is_identifier("penholder"))
        return forbidden("the name penholder", "that schema holds the fence and the ledger");
    if (word.is_identifier("pg_temp") || makes_temporary(words, at)) {
        return forbidden("a temporary table",
                         "it would outlive the write in the session; use an ordinary or unlogged table");
    }
    if (called && one_of(word, session_locks)) {
        return forbidden(word.text, "it would outlive the write; use pg_advisory_xact_lock");
    }
    if (called && word.is_identifier("set_config")) {
        if (!is_local_set_config(words, at + 1)) {
            return forbidden("set_config",
                             "its third argument must be the word true, so that it ends with the transaction");
        }
        return text_kind{true};
    }
    if (word.is_word("u") && at + 2 < words.size() && words[at + 1].is_symbol('&') &&
        words[at + 2].what == sql_token::kind::quoted) {
        return forbidden("U&\"…\"", "write the identifier without Unicode escapes");
    }
    return text_kind{};
}

}  // namespace

result<screened> screen_statement(std::string_view sql) {
    if (sql.find('\0') != std::string_view::npos) {
        return error{errc::malformed_write,
                     "a statement contains a zero byte, which PostgreSQL's text cannot hold; send bytea in hex form"};
    }
    auto words = cut(sql);
    if (!words) return error{errc::malformed_write, "a statement ends inside a string, an identifier or a comment"};
    while (!words->empty() && words->back().is_symbol(';')) words->pop_back();
    if (words->empty()) return error{errc::malformed_write, "a statement is empty"};
    auto needs = screen_first_word(*words);
    const bool has_body = words->front().is_word("create");
    for (std::size_t at = 0; needs && at < words->size(); ++at) {
        if ((*words)[at].is_symbol(';') && !has_body) {
            return error{errc::malformed_write, "several statements in one text; add each as a statement of its own"};
        }
        auto more = screen_word(*words, at);
        if (!more) return more.error();
        needs->sets = needs->sets || more->sets;
    }
    if (!needs) return needs.error();
    return screened{needs->sets ? std::string() : std::string(sql)};
}

}  // namespace penholder::sql
