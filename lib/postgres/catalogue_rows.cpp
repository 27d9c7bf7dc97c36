#include "catalogue_rows.hpp"

#include "sql/tree_facts.hpp"

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace penholder::postgres {
namespace {

namespace json = boost::json;
using sql::oid;

std::string text(const json::object& row, std::string_view name) {
    const auto& held = row.at(name);
    return held.is_null() ? std::string() : std::string(held.as_string());
}

oid number(const json::value& held) {
    return static_cast<oid>(held.to_number<std::int64_t>());
}

char letter(const json::object& row, std::string_view name) {
    const auto held = text(row, name);
    return held.empty() ? ' ' : held.front();
}

/// A list, made of a JSON array; none is null there.
template <class Make>
auto list(const json::object& row, std::string_view name, Make make) {
    std::vector<decltype(make(json::value()))> all;
    const auto& held = row.at(name);
    if (held.is_null()) return all;
    for (const auto& each : held.as_array()) all.push_back(make(each));
    return all;
}

std::vector<oid> oids(const json::object& row, std::string_view name) {
    return list(row, name, [](const json::value& each) { return number(each); });
}

std::vector<std::string> texts(const json::object& row, std::string_view name) {
    return list(row, name, [](const json::value& each) { return std::string(each.as_string()); });
}

sql::trigger_facts trigger_of(const json::value& each) {
    const auto& row = each.as_object();
    sql::trigger_facts made{text(row, "name"), number(row.at("function")), 0, row.at("deferrable").as_bool()};
    if (row.at("insert").as_bool()) made.events |= sql::does_insert;
    if (row.at("update").as_bool()) made.events |= sql::does_update;
    if (row.at("delete").as_bool()) made.events |= sql::does_delete;
    return made;
}

sql::foreign_key_facts key_of(const json::value& each) {
    const auto& row = each.as_object();
    return {text(row, "name"),        number(row.at("child")),  number(row.at("parent")),
            letter(row, "on_delete"), letter(row, "on_update"), row.at("deferrable").as_bool()};
}

sql::column_facts column_of(const json::value& each) {
    const auto& row = each.as_object();
    return {text(row, "name"), number(row.at("type")), text(row, "default_tree"), row.at("generated").as_bool()};
}

}  // namespace

sql::relation_facts relation_of(std::string_view text_of_row) {
    const auto parsed = json::parse(text_of_row);
    const auto& row = parsed.as_object();
    sql::relation_facts made;
    made.id = number(row.at("id"));
    made.name = text(row, "name");
    made.kind = letter(row, "kind");
    made.temporary = row.at("temporary").as_bool();
    made.row_security = row.at("row_security").as_bool();
    made.view_tree = text(row, "view_tree");
    made.rules = texts(row, "rules");
    made.not_built_in = texts(row, "not_built_in");
    made.deferrable = texts(row, "deferrable");
    made.triggers = list(row, "triggers", trigger_of);
    made.keys = list(row, "keys", key_of);
    made.columns = list(row, "columns", column_of);
    made.trees = texts(row, "trees");
    made.operators = oids(row, "operators");
    made.family = {oids(row, "children"), oids(row, "parents")};
    return made;
}

sql::function_facts function_of(std::string_view text_of_row) {
    const auto parsed = json::parse(text_of_row);
    const auto& row = parsed.as_object();
    sql::function_facts made;
    made.id = number(row.at("id"));
    made.name = text(row, "name");
    made.built_in = row.at("built_in").as_bool();
    made.volatility = letter(row, "volatility");
    made.language = text(row, "language");
    made.tree = text(row, "tree");
    made.defaults = text(row, "defaults");
    made.source = text(row, "source");
    made.definition = text(row, "definition");
    made.configured = row.at("configured").as_bool();
    made.definer = row.at("definer").as_bool();
    made.plain_arguments = row.at("plain_arguments").as_bool();
    made.argument_names = texts(row, "argument_names");
    made.argument_types = texts(row, "argument_types");
    made.returns = number(row.at("returns"));
    return made;
}

sql::operator_facts operator_of(std::string_view text_of_row) {
    const auto parsed = json::parse(text_of_row);
    const auto& row = parsed.as_object();
    return {number(row.at("id")), text(row, "name"), number(row.at("function"))};
}

sql::type_facts type_of(std::string_view text_of_row) {
    const auto parsed = json::parse(text_of_row);
    const auto& row = parsed.as_object();
    sql::type_facts made;
    made.id = number(row.at("id"));
    made.name = text(row, "name");
    made.kind = letter(row, "kind");
    made.parts = oids(row, "parts");
    made.functions = oids(row, "functions");
    made.trees = texts(row, "trees");
    made.own_operator_class = row.at("own_operator_class").as_bool();
    made.own_json_cast = row.at("own_json_cast").as_bool();
    return made;
}

sql::database_facts database_of(std::string_view text_of_row) {
    const auto parsed = json::parse(text_of_row);
    const auto& row = parsed.as_object();
    return {row.at("own_text_search").as_bool(), row.at("own_operators_in_families").as_bool(),
            oids(row, "cast_targets"), row.at("resolves_conflicts").as_bool()};
}

}  // namespace penholder::postgres
