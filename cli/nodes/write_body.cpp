#include "cli/nodes/write_body.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace penholder::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view null_parameter = "\\N";

json::array params_value(const std::vector<std::string>& params) {
    json::array values;
    for (const std::string& each : params) {
        values.push_back(each == null_parameter ? json::value() : json::value(each));
    }
    return values;
}

}  // namespace

std::string write_body(const std::string& sql, const std::vector<std::string>& params,
                       std::optional<std::uint64_t> expect_rows, std::chrono::milliseconds deadline) {
    json::object statement{{"sql", sql}, {"params", params_value(params)}};
    if (expect_rows) statement["expect_rows"] = *expect_rows;
    return json::serialize(
        json::object{{"statements", json::array{std::move(statement)}}, {"deadline_ms", deadline.count()}});
}

result<std::string> write_body_from_json(std::string_view text, std::chrono::milliseconds deadline) {
    boost::system::error_code failed;
    json::value given = json::parse(text, failed);
    if (failed) {
        return error{errc::invalid_argument, "the write on standard input is no JSON (" + failed.message() +
                                                 R"(); write [{"sql": "...", "params": [...]}, ...])"};
    }
    json::object body;
    if (auto* statements = given.if_array()) {
        body["statements"] = std::move(*statements);
    } else if (auto* whole = given.if_object()) {
        body = std::move(*whole);
    } else {
        return error{errc::invalid_argument,
                     R"(the write on standard input is neither a list of statements nor {"statements": [...]})"};
    }
    if (body.contains("values")) {
        return error{errc::invalid_argument,
                     R"(the command shows values as text; leave "values" out of the write on standard input)"};
    }
    if (!body.contains("deadline_ms")) body["deadline_ms"] = deadline.count();
    return json::serialize(body);
}

}  // namespace penholder::cli
