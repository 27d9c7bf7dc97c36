#include "cli/nodes/problem_codec.hpp"

#include "cli/nodes/fields.hpp"

#include <boost/json/parse.hpp>

namespace penholder::cli {
namespace {

namespace json = boost::json;

json::value parsed(const std::string& body) {
    boost::system::error_code failed;
    json::value value = json::parse(body, failed);
    return failed ? json::value() : value;
}

errc code_from(std::string_view name, errc otherwise) {
    for (int i = 1; i <= static_cast<int>(errc::internal); ++i) {
        if (to_string(static_cast<errc>(i)) == name) return static_cast<errc>(i);
    }
    return otherwise;
}

errc code_from_status(unsigned status) {
    switch (status) {
        case 400: return errc::malformed_write;
        case 401:
        case 403: return errc::unauthorized;
        case 404: return errc::unknown_group;
        case 409: return errc::in_flight;
        case 413: return errc::payload_too_large;
        case 429: return errc::overloaded;
        case 503: return errc::no_leader;
        case 504: return errc::outcome_unknown;
        default: return errc::internal;
    }
}

std::string sentence(const fields& problem, unsigned status) {
    for (const auto* name : {"detail", "title"}) {
        if (auto text = problem.text(name); !text.empty()) return text;
    }
    return "the node answered HTTP status " + std::to_string(status);
}

outcome decode_outcome(std::string_view name) {
    if (name == "committed") return outcome::committed;
    return name == "rejected" ? outcome::rejected : outcome::unknown;
}

std::vector<std::optional<std::string>> decode_row(const json::value& from) {
    std::vector<std::optional<std::string>> cells;
    if (const auto* values = from.if_array()) {
        for (const json::value& each : *values) {
            const auto* text = each.if_string();
            cells.push_back(text == nullptr ? std::nullopt : std::optional<std::string>(*text));
        }
    }
    return cells;
}

statement_result decode_statement(const json::value& value) {
    const fields from(value);
    statement_result one;
    one.rows_affected = from.count("rows_affected");
    for (const json::value& name : from.list("columns")) {
        if (const auto* text = name.if_string()) one.columns.emplace_back(*text);
    }
    for (const json::value& row : from.list("rows")) one.rows.push_back(decode_row(row));
    return one;
}

reason decode_reason(const fields& problem, const http_answer& answer) {
    const error why = decode_problem(answer);
    reason made{why.code, why.message, problem.text("sqlstate"), {}};
    if (const auto at = problem.number("statement")) made.statement = static_cast<std::size_t>(*at);
    return made;
}

}  // namespace

error decode_problem(const http_answer& answer) {
    const json::value body = parsed(answer.body);
    const fields problem(body);
    return {code_from(problem.text("code"), code_from_status(answer.status)), sentence(problem, answer.status)};
}

result<receipt> decode_receipt(const http_answer& answer, const std::string& write_id) {
    const json::value body = parsed(answer.body);
    const fields from(body);
    const bool decided = from.find("outcome") != nullptr;
    if (!decided) return decode_problem(answer);
    receipt made;
    made.write_id = from.text("write_id").empty() ? write_id : from.text("write_id");
    made.outcome = decode_outcome(from.text("outcome"));
    made.term = from.count("term");
    made.lsn = lsn_from_string(from.text("lsn")).value_or(0);
    made.replayed = from.flag("replayed");
    for (const json::value& each : from.list("statements")) made.statements.push_back(decode_statement(each));
    if (made.outcome != outcome::committed) made.why = decode_reason(from, answer);
    return made;
}

}  // namespace penholder::cli
