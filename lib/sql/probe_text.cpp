#include "probe_text.hpp"

#include "scanner.hpp"
#include "shape.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace penholder::sql {
namespace {

using kind = token::kind;

error unfit(std::string what) {
    return {errc::malformed_write, std::move(what)};
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + '"';
}

/// Without semicolons at its end; nothing where it must not be put between BEGIN ATOMIC and END.
result<std::string_view> body_of(std::string_view sql) {
    const auto tokens = scan(sql);
    if (!tokens) return tokens.error();
    std::span<const token> all(*tokens);
    while (!all.empty() && all.back().is_symbol(';')) all = all.first(all.size() - 1);
    if (all.empty() || shape_of(all).empty()) return unfit("no statement that can be plain");
    if (std::ranges::any_of(all, [](const token& one) { return one.is_symbol(';'); })) {
        return unfit("several statements");
    }
    const auto end = static_cast<std::size_t>(all.back().text.data() + all.back().text.size() - sql.data());
    return sql.substr(0, end);
}

std::string create(std::string_view name, const std::string& arguments, std::string_view body) {
    return "CREATE FUNCTION pg_temp." + std::string(name) + " (" + arguments +
           ") RETURNS pg_catalog.void LANGUAGE sql BEGIN ATOMIC\n" + std::string(body) + "\n; END";
}

void add(std::string& arguments, const std::string& name, const std::string& type) {
    if (!arguments.empty()) arguments += ", ";
    arguments += name.empty() ? type : quoted(name) + ' ' + type;
}

/// A type as a declaration has it: names, dots, brackets and precisions; no more, so that it ends no list of arguments.
bool is_type(const std::string& text) {
    const auto tokens = scan(text);
    if (!tokens || tokens->empty()) return false;
    int depth = 0;
    for (const auto& one : *tokens) {
        const bool fits = one.what == kind::word || one.what == kind::quoted || one.what == kind::integer ||
                          one.is_symbol('.') || one.is_symbol('[') || one.is_symbol(']') || one.is_symbol('(') ||
                          one.is_symbol(')') || (one.is_symbol(',') && depth > 0) || one.text == "%";
        if (!fits || one.is_word("default") || one.is_word("record")) return false;
        depth += one.is_symbol('(') ? 1 : one.is_symbol(')') ? -1 : 0;
        if (depth < 0) return false;
    }
    return depth == 0;
}

/// name%ROWTYPE is the type of that name.
std::string argument_type(std::string declared) {
    const auto row = declared.rfind('%');
    if (row == std::string::npos) return declared;
    std::string word = declared.substr(row + 1);
    std::ranges::transform(word, word.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    word.erase(word.find_last_not_of(" \t\r\n") + 1);
    return word == "rowtype" ? declared.substr(0, row) : declared;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> of_triggers{{{"tg_name", "name"},
                                                                                     {"tg_when", "text"},
                                                                                     {"tg_level", "text"},
                                                                                     {"tg_op", "text"},
                                                                                     {"tg_relid", "oid"},
                                                                                     {"tg_relname", "name"},
                                                                                     {"tg_table_name", "name"},
                                                                                     {"tg_table_schema", "name"},
                                                                                     {"tg_nargs", "int4"},
                                                                                     {"tg_argv", "text[]"}}};

}  // namespace

result<std::string> probe_text(std::string_view sql, std::span<const std::string> parameter_types) {
    const auto body = body_of(sql);
    if (!body) return body.error();
    std::string arguments;
    for (const auto& type : parameter_types) add(arguments, {}, type);
    return create("penholder_probe", arguments, *body);
}

result<std::string> probe_text(const function_facts& of, const plpgsql_body& body, const plpgsql_piece& code,
                               const std::string& row) {
    const auto text = body_of(code.sql);
    if (!text) return text.error();
    std::string arguments;
    for (std::size_t i = 0; i < of.argument_types.size(); ++i) {
        add(arguments, i < of.argument_names.size() ? of.argument_names[i] : std::string(), of.argument_types[i]);
    }
    for (const auto& variable : body.variables) {
        const auto type = argument_type(variable.type);
        if (is_type(type)) add(arguments, variable.name, type);  // Without it, what uses it is not resolved.
    }
    if (of.language == "plpgsql") add(arguments, "found", "pg_catalog.bool");
    if (!row.empty()) {
        add(arguments, "new", row);
        add(arguments, "old", row);
        for (const auto& [name, type] : of_triggers)
            add(arguments, std::string(name), "pg_catalog." + std::string(type));
    }
    return create(of.name.substr(of.name.rfind('.') + 1), arguments, *text);
}

result<plpgsql_body> read_sql_body(const std::string& source) {
    const auto tokens = scan(source);
    if (!tokens) return tokens.error();
    plpgsql_body body;
    std::size_t begin = 0;
    const auto take = [&](std::size_t end) {
        auto text = source.substr(begin, end - begin);
        const auto some = scan(text);
        if (some && !some->empty()) body.pieces.push_back({plpgsql_piece::kind::statement, std::move(text), {}});
    };
    for (const auto& one : *tokens) {
        if (!one.is_symbol(';')) continue;
        const auto at = static_cast<std::size_t>(one.text.data() - source.data());
        take(at);
        begin = at + 1;
    }
    take(source.size());
    return body;
}

bool mentions_session(const std::string& source) {
    const auto tokens = scan(source);
    if (!tokens) return true;
    static constexpr std::array<std::string_view, 6> words{"set_config", "setseed", "execute",
                                                           "discard",    "load",    "query_to_xml"};
    static constexpr std::array<std::string_view, 5> before{"begin", "then", "else", "loop", "atomic"};
    for (std::size_t at = 0; at < tokens->size(); ++at) {
        const auto& one = (*tokens)[at];
        if (std::ranges::any_of(words, [&](auto word) { return one.is_identifier(word); })) return true;
        if (one.what == kind::unicode_quoted) return true;
        const bool begins = at == 0 || (*tokens)[at - 1].is_symbol(';') ||
                            std::ranges::any_of(before, [&](auto word) { return (*tokens)[at - 1].is_word(word); });
        if (begins && (one.is_word("set") || one.is_word("reset"))) return true;
    }
    return false;
}

}  // namespace penholder::sql
