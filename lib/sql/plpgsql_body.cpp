#include "plpgsql_body.hpp"

#include "scanner.hpp"
#include "words.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <pg_query.h>
#include <set>

namespace penholder::sql {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_definition = 256 * 1024;

/// Statements that run nothing but the expressions and the statements in them.
constexpr std::array<std::string_view, 11> reviewed_statements{
    "PLpgSQL_stmt_block",  "PLpgSQL_stmt_assign", "PLpgSQL_stmt_if",      "PLpgSQL_stmt_case",
    "PLpgSQL_stmt_return", "PLpgSQL_stmt_raise",  "PLpgSQL_stmt_perform", "PLpgSQL_stmt_execsql",
    "PLpgSQL_stmt_loop",   "PLpgSQL_stmt_while",  "PLpgSQL_stmt_exit"};

/// Datums that the body's own DECLARE did not make, and that the caller knows.
constexpr std::array<std::string_view, 13> given{
    "found",    "new",        "old",           "tg_name",         "tg_when",  "tg_level", "tg_op",
    "tg_relid", "tg_relname", "tg_table_name", "tg_table_schema", "tg_nargs", "tg_argv"};

std::string text_of(const json::object& from, std::string_view key) {
    const auto* found = from.if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string query_of(const json::value& expression) {
    const auto* wrapped = expression.if_object() ? expression.get_object().if_contains("PLpgSQL_expr") : nullptr;
    return wrapped && wrapped->is_object() ? text_of(wrapped->get_object(), "query") : std::string();
}

/// Behind the := or = of an assignment; empty where there is none, or where a subscript in front of it is more than a
/// variable or a number: its code would run, too.
std::string assigned(const std::string& text) {
    const auto tokens = scan(text);
    if (!tokens) return {};
    const auto is_simple = [](char one) {
        return std::isalnum(static_cast<unsigned char>(one)) != 0 ||
               std::string_view("_.[]: \n").find(one) != std::string_view::npos;
    };
    int depth = 0;
    for (const auto& one : *tokens) {
        depth += one.is_symbol('[') || one.is_symbol('(') ? 1 : one.is_symbol(']') || one.is_symbol(')') ? -1 : 0;
        const bool assigns = one.text == ":=" || (one.what == token::kind::operation && one.text == "=");
        if (depth != 0 || !assigns) continue;
        const auto end = static_cast<std::size_t>(one.text.end() - std::string_view(text).begin());
        const auto target = std::string_view(text).substr(0, end - one.text.size());
        const bool runs_code = target.find('[') != std::string_view::npos && !std::ranges::all_of(target, is_simple);
        return runs_code ? std::string() : text.substr(end);
    }
    return {};
}

/// Walks libpg_query's JSON of one function.
class body_reader {
public:
    explicit body_reader(const std::vector<std::string>& arguments) : arguments_(arguments.begin(), arguments.end()) {}

    plpgsql_body read(const json::object& function) {
        if (const auto* datums = function.if_contains("datums"); datums && datums->is_array()) {
            for (const auto& each : datums->get_array()) read_datum(each);
        }
        if (const auto* action = function.if_contains("action")) walk(*action);
        return std::move(body_);
    }

private:
    void beyond(std::string_view what) {
        if (body_.beyond.empty()) body_.beyond = what;
    }

    void read_datum(const json::value& datum) {
        const auto& [kind, held] = *datum.get_object().begin();
        const auto& fields = held.get_object();
        names_.push_back(text_of(fields, "refname"));
        parents_.push_back(kind == "PLpgSQL_recfield" ? static_cast<int>(number_in(fields, "recparentno")) : -1);
        if (kind == "PLpgSQL_recfield") names_.back() = text_of(fields, "fieldname");
        const auto& name = names_.back();
        const bool is_named = kind == "PLpgSQL_var" || kind == "PLpgSQL_rec";
        if (is_named && !declared_.insert(name).second) return beyond("two variables of one name");
        if (kind != "PLpgSQL_var") return;
        if (is_one_of(name, given) || arguments_.contains(name) || name == "sqlstate" || name == "sqlerrm" ||
            name.starts_with("__Case__Variable_")) {
            return;
        }
        const auto& type = fields.at("datatype").at("PLpgSQL_type").as_object();
        auto declared = text_of(type, "typname");
        if (declared == "UNKNOWN") declared = "pg_catalog.int4";  // The variable of FOR i IN 1..n.
        body_.variables.push_back({name, declared});
        if (const auto* value = fields.if_contains("default_val"))
            add_expression(plpgsql_piece::kind::statement, *value);
    }

    static std::int64_t number_in(const json::object& from, std::string_view key) {
        const auto* found = from.if_contains(key);
        return found && found->is_int64() ? found->get_int64() : 0;
    }

    void add_expression(plpgsql_piece::kind what, const json::value& expression) {
        auto text = query_of(expression);
        if (text.empty()) return beyond("an expression that cannot be read");
        for (const auto& [name, value] : case_values_) {
            for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += value.size()) {
                text.replace(at, name.size(), value);
            }
        }
        body_.pieces.push_back({what, "SELECT " + text, {}});
    }

    void walk(const json::value& what) {
        if (const auto* list = what.if_array()) {
            for (const auto& each : *list) walk(each);
        } else if (const auto* object = what.if_object()) {
            for (const auto& [key, held] : *object) walk_field(key, held);
        }
    }

    void walk_field(std::string_view key, const json::value& held) {
        using kind = plpgsql_piece::kind;
        if (key.starts_with("PLpgSQL_stmt_")) return walk_statement(key, held);
        if (key == "exceptions") return beyond("EXCEPTION");
        if (key == "cond" || key == "t_expr") return add_expression(kind::condition, held);
        if (key == "PLpgSQL_expr") return add_expression(kind::statement, json::object{{"PLpgSQL_expr", held}});
        if (key == "target") return;  // SELECT … INTO: its value counts as one that goes anywhere.
        walk(held);
    }

    void walk_statement(std::string_view statement, const json::value& held) {
        if (!held.is_object()) return beyond(statement);
        const auto& fields = held.get_object();
        if (statement == "PLpgSQL_stmt_assign") return walk_assignment(fields);
        if (statement == "PLpgSQL_stmt_execsql") return add_statement(query_of(fields.at("sqlstmt")));
        if (statement == "PLpgSQL_stmt_perform") return add_statement(query_of(fields.at("expr")));
        if (statement == "PLpgSQL_stmt_case") return walk_case(fields);
        if (statement == "PLpgSQL_stmt_fori") return walk_range(fields);
        if (!is_one_of(statement, reviewed_statements)) beyond(name_of(statement));
        walk(held);
    }

    static std::string_view name_of(std::string_view statement) {
        if (statement == "PLpgSQL_stmt_dynexecute" || statement == "PLpgSQL_stmt_dynfors") return "EXECUTE";
        return statement.substr(std::string_view("PLpgSQL_stmt_").size());
    }

    void walk_assignment(const json::object& fields) {
        const auto text = assigned(query_of(fields.at("expr")));
        if (text.empty()) return beyond("an assignment that cannot be read");
        const auto target = static_cast<std::size_t>(number_in(fields, "varno"));
        plpgsql_piece piece{plpgsql_piece::kind::assignment, "SELECT " + text, {}};
        const bool is_field = target < parents_.size() && parents_[target] >= 0;
        if (is_field && names_[static_cast<std::size_t>(parents_[target])] == "new")
            piece.field_of_new = names_[target];
        body_.pieces.push_back(std::move(piece));
    }

    void add_statement(std::string text) {
        if (text.empty()) return beyond("a statement that cannot be read");
        body_.pieces.push_back({plpgsql_piece::kind::statement, std::move(text), {}});
    }

    /// The value of CASE is kept in a variable without a type; its text stands for it.
    void walk_case(const json::object& fields) {
        if (const auto* value = fields.if_contains("t_expr")) {
            const auto variable = static_cast<std::size_t>(number_in(fields, "t_varno"));
            if (variable >= names_.size()) return beyond("CASE");
            case_values_.emplace_back('"' + names_[variable] + '"', "(" + query_of(*value) + ")");
        }
        walk(fields.contains("case_when_list") ? fields.at("case_when_list") : json::value());
        walk(fields.contains("else_stmts") ? fields.at("else_stmts") : json::value());
    }

    void walk_range(const json::object& fields) {
        for (const auto* bound : {"lower", "upper", "step"}) {
            if (const auto* value = fields.if_contains(bound)) add_expression(plpgsql_piece::kind::statement, *value);
        }
        if (const auto* body = fields.if_contains("body")) walk(*body);
    }

    std::set<std::string> arguments_;
    std::set<std::string> declared_;
    std::vector<std::string> names_;  ///< Of all datums, in the order of their numbers.
    std::vector<int> parents_;        ///< The record that a datum is a field of, or -1.
    std::vector<std::pair<std::string, std::string>> case_values_;
    plpgsql_body body_;
};

}  // namespace

result<plpgsql_body> read_plpgsql(const std::string& definition, const std::vector<std::string>& arguments) {
    const error unreadable{errc::internal, "a function's body cannot be read"};
    if (definition.size() > longest_definition) return unreadable;
    auto parsed = pg_query_parse_plpgsql(definition.c_str());
    boost::system::error_code failed;
    const auto tree = parsed.error ? json::value() : json::parse(parsed.plpgsql_funcs, failed);
    pg_query_free_plpgsql_parse_result(parsed);
    try {
        if (failed || !tree.is_array() || tree.get_array().size() != 1) return unreadable;
        auto body = body_reader(arguments).read(tree.at(0).at("PLpgSQL_function").as_object());
        if (definition.find("#variable_conflict") != std::string::npos) body.beyond = "#variable_conflict";
        return body;
    } catch (const std::exception&) {
        return unreadable;
    }
}

}  // namespace penholder::sql
