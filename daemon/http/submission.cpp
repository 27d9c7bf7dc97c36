#include "daemon/http/submission.hpp"

#include "api/exact_json.hpp"
#include "daemon/http/array_parameter.hpp"
#include "daemon/http/body_reader.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <limits>

namespace penholder::daemon {
namespace {

namespace json = boost::json;

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

/// `{"json": …}`: this as JSON, whatever it is.
const json::value* marked_json(const json::value& value) {
    const auto* object = value.if_object();
    return object != nullptr && object->size() == 1 ? object->if_contains("json") : nullptr;
}

parameter to_text(const json::value& value) {
    if (api::is_verbatim(value)) return std::string(api::verbatim_text(value));
    switch (value.kind()) {
        case json::kind::null: return std::nullopt;
        case json::kind::bool_: return to_parameter(value.get_bool());
        case json::kind::string: return std::string(value.get_string());
        default: return api::write_exactly(value);
    }
}

/// `at`: its place among the statement's parameters.
parameter read_parameter(body_reader& reader, const json::value& value, const std::string& statement, std::size_t at) {
    if (const auto* marked = marked_json(value)) return api::write_exactly(*marked);
    if (!value.is_array()) return to_text(value);
    auto array = array_parameter(value.get_array());
    if (array) return std::move(*array);
    reader.fail(fmt::format("{}/params/{}", statement, at),
                fmt::format("parameter ${}: {}", at + 1, array.error().message));
    return std::nullopt;
}

void read_statement(body_reader& reader, const json::value& value, const std::string& pointer, write& into) {
    const auto* given = reader.object(value, pointer, {"sql", "params", "expect_rows"});
    if (given == nullptr) return;
    const auto sql = reader.text(*given, "sql", pointer);
    if (!sql || sql->empty()) return reader.fail(pointer + "/sql", "a statement needs its SQL as a string");
    std::vector<parameter> params;
    if (const auto* values = reader.array(*given, "params", pointer)) {
        params.reserve(values->size());
        for (const auto& each : *values) {
            params.push_back(read_parameter(reader, each, pointer, params.size()));
        }
    }
    statement made(*sql, std::move(params));
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if (const auto rows = reader.integer(*given, "expect_rows", pointer, 0, most)) {
        made.expect_rows(static_cast<std::uint64_t>(*rows));
    }
    into.add(std::move(made));
}

void read_statements(body_reader& reader, const json::object& body, write& into) {
    const auto* statements = reader.array(body, "statements", "");
    if (statements == nullptr || statements->empty()) {
        return reader.fail("/statements", "a write needs at least one statement");
    }
    for (std::size_t i = 0; i < statements->size() && !reader.problem(); ++i) {
        read_statement(reader, (*statements)[i], fmt::format("/statements/{}", i), into);
    }
}

}  // namespace

std::string no_such_form(std::string_view name) {
    return fmt::format("'{}' is no form of values; known are text, json", name);
}

std::optional<value_form> value_form_of(std::string_view name) {
    if (name == "text") return value_form::text;
    if (name == "json") return value_form::json;
    return std::nullopt;
}

std::variant<submission, body_problem> decode_submission(std::string_view body, const std::string& key) {
    const auto parsed = api::parse_exactly(body);
    if (!parsed) return body_problem{"", parsed.error().message};
    body_reader reader;
    submission made{write(key), true};
    if (const auto* given = reader.object(*parsed, "", {"statements", "deadline_ms", "wait", "values"})) {
        read_statements(reader, *given, made.what);
        if (const auto within = reader.integer(*given, "deadline_ms", "", 1, day_ms)) {
            made.what.deadline(std::chrono::milliseconds(*within));
        }
        made.wait = reader.boolean(*given, "wait", "").value_or(true);
        if (const auto name = reader.text(*given, "values", "")) {
            const auto form = value_form_of(*name);
            if (!form) reader.fail("/values", no_such_form(*name));
            made.values = form.value_or(value_form::text);
        }
    }
    if (reader.problem()) return *reader.problem();
    return made;
}

std::variant<handover_request, body_problem> decode_handover(std::string_view body) {
    handover_request wanted;
    if (body.empty()) return wanted;
    const auto parsed = api::parse_exactly(body);
    if (!parsed) return body_problem{"", parsed.error().message};
    body_reader reader;
    if (const auto* given = reader.object(*parsed, "", {"to", "within_ms"})) {
        wanted.to = reader.text(*given, "to", "").value_or("");
        wanted.within_ms = static_cast<int>(reader.integer(*given, "within_ms", "", 1, 600'000).value_or(10'000));
    }
    if (reader.problem()) return *reader.problem();
    return wanted;
}

}  // namespace penholder::daemon
