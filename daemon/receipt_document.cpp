#include "documents.hpp"

namespace penholder::daemon {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<std::optional<std::string>>& row) {
    json::array shown;
    for (const auto& value : row) shown.push_back(value ? json::value(*value) : json::value(nullptr));
    return shown;
}

json::object to_json(const statement_result& did) {
    json::object shown{{"rows_affected", did.rows_affected}};
    if (did.columns.empty()) return shown;
    json::array rows;
    for (const auto& row : did.rows) rows.push_back(to_json(row));
    shown["columns"] = json::array(did.columns.begin(), did.columns.end());
    shown["rows"] = std::move(rows);
    return shown;
}

json::object to_json(const reason& why) {
    json::object shown{{"code", to_string(why.code)}, {"message", why.message}};
    if (!why.sqlstate.empty()) shown["sqlstate"] = why.sqlstate;
    if (why.statement) shown["statement"] = *why.statement;
    return shown;
}

}  // namespace

json::object to_json(const receipt& shown) {
    json::object document{{"write_id", shown.write_id},
                          {"outcome", to_string(shown.outcome)},
                          {"term", shown.term},
                          {"replayed", shown.replayed}};
    if (shown.lsn != 0) document["lsn"] = lsn_to_string(shown.lsn);
    if (shown.why) document["why"] = to_json(*shown.why);
    if (shown.outcome != outcome::committed) return document;
    json::array statements;
    for (const auto& each : shown.statements) statements.push_back(to_json(each));
    document["statements"] = std::move(statements);
    return document;
}

}  // namespace penholder::daemon
