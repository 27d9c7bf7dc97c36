#include "api/problem.hpp"

#include "api/descriptions.hpp"
#include "api/error_table.hpp"
#include "sql/advice.hpp"

#include <boost/json/parse.hpp>

namespace penholder::api {
namespace {

bool is_open(errc code) noexcept {
    return is_unknown(code) || code == errc::in_flight || code == errc::in_progress;
}

problem made_of(errc code, std::string detail) {
    const auto& row = row_of(code);
    problem made = http_problem(row.http_status, to_string(code), row.title, detail);
    if (is_open(code)) made.outcome = outcome::unknown;
    made.hint = row.hint;
    return made;
}

json::object parsed_object(std::string_view body) {
    boost::system::error_code failed;
    json::value parsed = json::parse(json::string_view(body.data(), body.size()), failed);
    return !failed && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

template <class T>
T read_members(const json::object& from) {
    T read;
    member_reader has(from);
    describe(has, read);
    return read;
}

error error_of(unsigned http_status, const problem& read) {
    const auto code = errc_from_string(read.code).value_or(code_of_status(http_status));
    if (!read.detail.empty()) return {code, read.detail, read.sqlstate};
    if (!read.title.empty()) return {code, read.title, read.sqlstate};
    return {code, "the node answered HTTP status " + std::to_string(http_status)};
}

/// What ends a sentence of somebody else's, so that another can follow.
std::string_view stop_after(std::string_view text) {
    constexpr std::string_view ends = ".!?:;";
    return ends.find(text.back()) == std::string_view::npos ? ". " : " ";
}

/// What is to be done about this error, before what is to be done about all of its code.
std::string joined_hint(const std::string& own, const error_row& row) {
    if (own.empty()) return std::string(row.hint);
    const auto then = row.hint_after_advice();
    return then.empty() ? own : own + std::string(stop_after(own)) + std::string(then);
}

/// Of a hint that was joined so, its first part.
std::string own_hint(std::string_view joined, const error_row& row) {
    if (joined == row.hint) return {};
    const auto then = row.hint_after_advice();
    if (!joined.ends_with(then)) return std::string(joined);
    joined.remove_suffix(then.size());
    while (joined.ends_with(' ')) joined.remove_suffix(1);
    return std::string(joined);
}

reason reason_of(unsigned http_status, const problem& read) {
    const auto failed = error_of(http_status, read);
    return {failed.code, failed.message, read.sqlstate, read.statement, own_hint(read.hint, row_of(failed.code)),
            read.fields};
}

}  // namespace

problem to_problem(const error& failed, const std::string& group) {
    problem made = made_of(failed.code, failed.message);
    made.group = group;
    made.sqlstate = failed.sqlstate;
    made.hint = joined_hint(std::string(sql::server_advice(failed.sqlstate)), row_of(failed.code));
    return made;
}

problem to_problem(const receipt& refused, const std::string& group) {
    const reason why = refused.why.value_or(reason{errc::internal, "the node gave no reason", {}, {}});
    problem made = made_of(why.code, why.message);
    if (!is_open(why.code)) made.outcome = refused.outcome;
    made.group = group;
    made.write_id = refused.write_id;
    made.sqlstate = why.sqlstate;
    made.statement = why.statement;
    made.fields = why.fields;
    made.hint = joined_hint(why.hint, row_of(why.code));
    made.replayed = refused.replayed;
    made.decided_at = refused.decided_at;
    return made;
}

problem http_problem(unsigned status, std::string_view code, std::string_view title, std::string_view detail) {
    problem made;
    made.type = "urn:penholder:problem:" + std::string(code);
    made.title = title;
    made.status = status;
    made.code = code;
    made.detail = detail;
    made.outcome = outcome::rejected;
    return made;
}

error read_error(unsigned http_status, std::string_view body) {
    return error_of(http_status, read_members<problem>(parsed_object(body)));
}

result<receipt> read_receipt(unsigned http_status, std::string_view body, const std::string& write_id) {
    const auto answer = parsed_object(body);
    const auto refusal = read_members<problem>(answer);
    if (!answer.contains("outcome")) return error_of(http_status, refusal);
    auto read = read_members<receipt>(answer);
    if (read.write_id.empty()) read.write_id = write_id;
    if (read.outcome == outcome::committed) {
        read.why.reset();
    } else if (!read.why) {
        read.why = reason_of(http_status, refusal);
    }
    return read;
}

}  // namespace penholder::api
