#include "daemon/http/submission.hpp"

#include "daemon/http/body_reader.hpp"
#include "daemon/http/exact_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <limits>

namespace penholder::daemon {
namespace {

namespace json = boost::json;

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

parameter to_text(const json::value& value) {
    if (is_number_text(value)) return std::string(number_text(value));
    switch (value.kind()) {
        case json::kind::null: return std::nullopt;
        case json::kind::bool_: return to_parameter(value.get_bool());
        case json::kind::string: return std::string(value.get_string());
        default: return write_exactly(value);
    }
}

void read_statement(body_reader& reader, const json::value& value, const std::string& pointer, write& into) {
    const auto* given = reader.object(value, pointer, {"sql", "params", "expect_rows"});
    if (given == nullptr) return;
    const auto sql = reader.text(*given, "sql", pointer);
    if (!sql || sql->empty()) return reader.fail(pointer + "/sql", "a statement needs its SQL as a string");
    std::vector<parameter> params;
    if (const auto* values = reader.array(*given, "params", pointer)) {
        params.reserve(values->size());
        for (const auto& each : *values) params.push_back(to_text(each));
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

std::variant<submission, body_problem> decode_submission(std::string_view body, const std::string& key) {
    const auto parsed = parse_exactly(body);
    if (!parsed) return body_problem{"", parsed.error().message};
    body_reader reader;
    submission made{write(key), true};
    if (const auto* given = reader.object(*parsed, "", {"statements", "deadline_ms", "wait"})) {
        read_statements(reader, *given, made.what);
        if (const auto within = reader.integer(*given, "deadline_ms", "", 1, day_ms)) {
            made.what.deadline(std::chrono::milliseconds(*within));
        }
        made.wait = reader.boolean(*given, "wait", "").value_or(true);
    }
    if (reader.problem()) return *reader.problem();
    return made;
}

std::variant<handover_request, body_problem> decode_handover(std::string_view body) {
    handover_request wanted;
    if (body.empty()) return wanted;
    const auto parsed = parse_exactly(body);
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
