#include "screening.hpp"

#include "scanner.hpp"
#include "shape.hpp"
#include "syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>

namespace penholder::sql {
namespace {

using kind = token::kind;
using tokens = std::span<const token>;

/// PostgreSQL's own bound is its stack: some 6,000 parentheses with max_stack_depth as it comes.
constexpr int max_depth = 2000;

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

error malformed(std::string what) {
    return {errc::malformed_write, std::move(what)};
}

std::string upper(std::string_view text) {
    std::string made(text.substr(0, 64));
    std::ranges::transform(made, made.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return made;
}

bool is_any(const token& what, const auto& words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return what.is_word(word); });
}

bool is_word_at(tokens all, std::size_t at, std::string_view word) {
    return at < all.size() && all[at].is_word(word);
}

/// The names of who executes: SET role, SET "role", SET SESSION AUTHORIZATION.
bool names_executor(tokens all, std::size_t at) {
    if (at >= all.size()) return false;
    return all[at].is_identifier("role") || all[at].is_identifier("session_authorization") ||
           (all[at].is_word("session") && is_word_at(all, at + 1, "authorization"));
}

constexpr std::string_view whose_role = "who executes a write is Penholder's";

constexpr std::string_view how_scanned = "standard_conforming_strings";
constexpr std::string_view whose_scanner = "a write's statements are read with it on; write E'…' for escapes";

/// SET is permitted only where it ends with the transaction and cannot change who executes it.
result<> screen_set(tokens all) {
    if (is_word_at(all, 1, "constraints")) return {};
    const std::size_t name = is_word_at(all, 1, "local") || is_word_at(all, 1, "session") ? 2 : 1;
    if (names_executor(all, name) || names_executor(all, 1)) return forbidden("SET ROLE", whose_role);
    if (all.size() < 3 || !all[1].is_word("local")) {
        return forbidden("SET", "it would change the session for writes that follow; use SET LOCAL");
    }
    if (all[2].is_identifier(how_scanned)) return forbidden("SET LOCAL " + std::string(how_scanned), whose_scanner);
    if (all[2].is_word("transaction")) return forbidden("SET LOCAL TRANSACTION", "the transaction is Penholder's");
    return {};
}

result<> screen_alter(tokens all) {
    if (all.size() < 2) return {};
    const bool mapping = all[1].is_word("user") && is_word_at(all, 2, "mapping");
    static constexpr std::array<std::string_view, 5> kinds{"role", "user", "group", "database", "system"};
    if (!mapping && is_any(all[1], kinds)) {
        return forbidden("ALTER " + upper(all[1].text), "it would change the sessions that follow; an administrator's");
    }
    static constexpr std::array<std::string_view, 3> routines{"function", "procedure", "routine"};
    for (std::size_t at = 2; is_any(all[1], routines) && at < all.size(); ++at) {
        if (all[at].is_word("set") && names_executor(all, at + 1)) return forbidden("SET ROLE", whose_role);
    }
    return {};
}

/// CREATE FUNCTION … SET role = …, before a body in SQL begins.
result<> screen_create(tokens all) {
    static constexpr std::array<std::string_view, 2> routines{"function", "procedure"};
    if (std::ranges::none_of(all.first(std::min<std::size_t>(all.size(), 4)),
                             [](const token& one) { return is_any(one, routines); })) {
        return {};
    }
    for (std::size_t at = 2; at < all.size() && !all[at].is_word("begin"); ++at) {
        if (all[at].is_word("set") && names_executor(all, at + 1)) return forbidden("SET ROLE", whose_role);
    }
    return {};
}

result<> screen_first_word(tokens all) {
    const auto& first = all.front();
    if (first.is_symbol('(')) return {};
    if (first.is_word("set")) return screen_set(all);
    if (first.is_word("alter")) return screen_alter(all);
    if (first.is_word("create")) return screen_create(all);
    if (first.what == kind::word && is_any(first, permitted)) return {};
    if (is_any(first, transaction_control)) {
        return forbidden(upper(first.text),
                         "the transaction is Penholder's; leave it out, a write is atomic by itself");
    }
    return forbidden(upper(first.text),
                     "only statements that work inside a transaction and leave nothing in the session are; run it over "
                     "a connection of your own");
}

bool is_temporary(const token& word) {
    return word.is_word("temp") || word.is_word("temporary");
}

/// CREATE [OR REPLACE] [LOCAL|GLOBAL] TEMP…, and SELECT … INTO TEMP….
bool makes_temporary(tokens all, std::size_t at) {
    static constexpr std::array<std::string_view, 5> before{"create", "replace", "local", "global", "into"};
    return at > 0 && is_temporary(all[at]) && is_any(all[at - 1], before);
}

/// A setting's name given as one string, whatever its case or escapes: who executes is not to be set, nor how strings
/// are read.
bool may_name_forbidden(tokens argument) {
    if (!argument.empty() && argument.front().what == kind::national) argument = argument.subspan(1);
    if (argument.size() != 1 || !argument.front().is_string()) return false;
    const auto& text = argument.front().text;
    if (argument.front().joined || text.find('\\') != std::string_view::npos) return true;
    const auto holds = [&](std::string_view name) {
        const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
        return std::search(text.begin(), text.end(), name.begin(), name.end(), same) != text.end();
    };
    return text.find('.') == std::string_view::npos &&
           (holds("role") || holds("session_authorization") || holds(how_scanned));
}

/// The calls of set_config that are open while the text is read once.
class open_calls {
public:
    explicit open_calls(tokens all) : all_(all) {}

    void open(std::size_t parenthesis, int depth) { calls_.push_back({depth, parenthesis + 1, 0}); }

    result<> separator(std::size_t at, int depth) {
        if (calls_.empty() || calls_.back().depth != depth) return {};
        auto& call = calls_.back();
        const auto argument = all_.subspan(call.begin, at - call.begin);
        if (call.arguments == 0 && may_name_forbidden(argument)) {
            return forbidden("set_config of the role, or of " + std::string(how_scanned), whose_role);
        }
        const bool is_true = argument.size() == 1 && argument.front().is_word("true");
        call.is_local = call.arguments == 2 && is_true;
        ++call.arguments;
        call.begin = at + 1;
        return {};
    }

    result<> close(std::size_t at, int depth) {
        if (calls_.empty() || calls_.back().depth != depth) return {};
        if (auto last = separator(at, depth); !last) return last;
        const auto call = calls_.back();
        calls_.pop_back();
        if (call.is_local && call.arguments == 3) return {};
        return forbidden("set_config",
                         "its third argument must be the word true, so that it ends with the transaction");
    }

    bool any() const noexcept { return !calls_.empty(); }

private:
    struct open_call {
        int depth;
        std::size_t begin;  ///< Of the argument that is being read.
        int arguments;
        bool is_local = false;
    };
    tokens all_;
    std::vector<open_call> calls_;
};

result<> screen_word(tokens all, std::size_t at) {
    const auto& word = all[at];
    if (word.is_identifier("penholder"))
        return forbidden("the name penholder", "that schema holds the fence and the ledger");
    if (word.is_identifier("pg_temp") || makes_temporary(all, at)) {
        return forbidden("a temporary table",
                         "it would outlive the write in the session; use an ordinary or unlogged table");
    }
    const bool called = at + 1 < all.size() && all[at + 1].is_symbol('(');
    if (called && std::ranges::any_of(session_locks, [&](auto lock) { return word.is_identifier(lock); })) {
        return forbidden(word.text, "it would outlive the write; use pg_advisory_xact_lock");
    }
    if (word.what == kind::unicode_quoted) {
        return forbidden("U&\"…\"", "write the identifier without Unicode escapes");
    }
    return {};
}

/// Reads a statement once, from its first token to its last.
class screen {
public:
    explicit screen(tokens all) : all_(all), calls_(all) {}

    result<> run() {
        if (auto first = screen_first_word(all_); !first) return first;
        for (std::size_t at = 0; at < all_.size(); ++at) {
            const auto what = all_[at].what;
            if (auto seen = what == kind::symbol ? screen_symbol(at) : screen_word(all_, at); !seen) return seen;
        }
        if (calls_.any()) return malformed("a statement ends inside a call of set_config");
        return {};
    }

private:
    result<> screen_symbol(std::size_t at) {
        const auto& one = all_[at];
        if (one.is_symbol(';') && !may_hold_statements(at)) {
            return malformed("several statements in one text; add each as a statement of its own");
        }
        if (one.is_symbol('(') || one.is_symbol('[')) {
            if (++depth_ > max_depth) {
                return malformed("a statement nests more than " + std::to_string(max_depth) + " parentheses");
            }
            if (one.is_symbol('(') && at > 0 && all_[at - 1].is_identifier("set_config")) calls_.open(at, depth_);
            return {};
        }
        if (one.is_symbol(',')) return calls_.separator(at, depth_);
        if (one.is_symbol(')') || one.is_symbol(']')) return calls_.close(at, depth_--);
        return {};
    }

    /// A body in SQL, or the commands of a rule.
    bool may_hold_statements(std::size_t at) {
        if (!all_.front().is_word("create")) return false;
        for (; !body_ && looked_ + 1 < at; ++looked_) {
            body_ = all_[looked_].is_word("begin") && all_[looked_ + 1].is_word("atomic");
        }
        return body_ || depth_ > 0;
    }

    tokens all_;
    open_calls calls_;
    int depth_ = 0;
    std::size_t looked_ = 0;
    bool body_ = false;
};

std::size_t highest_parameter(tokens all) {
    std::size_t highest = 0;
    for (const auto& one : all) {
        if (one.what != kind::parameter) continue;
        std::size_t number = SIZE_MAX;  // Where it fits no number at all.
        std::from_chars(one.text.data() + 1, one.text.data() + one.text.size(), number);
        highest = std::max(highest, number);
    }
    return highest;
}

}  // namespace

result<screened> screen_statement(std::string_view sql) {
    if (sql.find('\0') != std::string_view::npos) {
        return malformed(
            "a statement contains a zero byte, which PostgreSQL's text cannot hold; send bytea in hex form");
    }
    const auto scanned = scan(sql);
    if (!scanned) return scanned.error();
    tokens all(*scanned);
    while (!all.empty() && all.back().is_symbol(';')) all = all.first(all.size() - 1);
    if (all.empty()) return malformed("a statement is empty");
    if (auto passed = screen(all).run(); !passed) {
        const bool may_be_misspelt = !is_any(all.front(), permitted);
        const auto misspelt = may_be_misspelt ? syntax_error_in(std::string(sql)) : std::nullopt;
        return misspelt.value_or(passed.error());
    }
    return screened{shape_of(all), highest_parameter(all)};
}

}  // namespace penholder::sql
