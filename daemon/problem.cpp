#include "problem.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>

namespace penholder::daemon {
namespace {

namespace json = boost::json;

struct kind {
    errc code;
    http::status status;
    std::string_view title;
    std::string_view hint = {};
};

constexpr auto again = "Send the same request again a little later.";
constexpr auto again_with_key = "Send it again with the same Idempotency-Key, or GET the receipt by the write_id.";

constexpr auto kinds = std::to_array<kind>({
    {errc::invalid_argument, http::status::bad_request, "Bad request"},
    {errc::malformed_write, http::status::bad_request, "Malformed write"},
    {errc::unauthorized, http::status::unauthorized, "Not authorized", "Send 'Authorization: Bearer <token>'."},
    {errc::unknown_group, http::status::not_found, "Unknown group", "GET /v1/status lists the groups of this node."},
    {errc::node_not_found, http::status::not_found, "No such node", "GET /v1/groups/<group> lists the members."},
    {errc::refused, http::status::conflict, "Refused"},
    {errc::not_leader, http::status::conflict, "Not the leader", "Ask the leader, or use handover on any node."},
    {errc::in_flight, http::status::conflict, "Still in flight", again_with_key},
    {errc::receipt_expired, http::status::gone, "Receipt expired"},
    {errc::row_count_mismatch, http::status::precondition_failed, "Row count not as expected",
     "The write was rolled back as a whole. Read the rows again and decide anew, with a new key."},
    {errc::payload_too_large, http::status::payload_too_large, "Payload too large"},
    {errc::frame_too_large, http::status::payload_too_large, "Payload too large"},
    {errc::statement_failed, http::status::unprocessable_entity, "Statement failed",
     "The write was rolled back as a whole. Correct the statement and send it with a new key."},
    {errc::forbidden_statement, http::status::unprocessable_entity, "Forbidden statement"},
    {errc::key_reused, http::status::unprocessable_entity, "Key used for another write",
     "Give each write its own key."},
    {errc::overloaded, http::status::too_many_requests, "Overloaded", again},
    {errc::no_leader, http::status::service_unavailable, "No leader", again},
    {errc::deadline_expired, http::status::service_unavailable, "Deadline expired", again},
    {errc::shutting_down, http::status::service_unavailable, "Shutting down", "Send it to another node."},
    {errc::paused, http::status::service_unavailable, "Paused", again},
    {errc::database_unreachable, http::status::service_unavailable, "Database unreachable", again},
    {errc::schema_missing, http::status::service_unavailable, "Schema missing", "Run 'penholder init'."},
    {errc::schema_unknown, http::status::service_unavailable, "Schema unknown", "Upgrade this node."},
    {errc::fenced, http::status::service_unavailable, "Fenced", again},
    {errc::ensemble_unreachable, http::status::service_unavailable, "Ensemble unreachable", again},
    {errc::session_expired, http::status::service_unavailable, "Session expired", again},
    {errc::link_lost, http::status::service_unavailable, "Link lost", again},
    {errc::in_progress, http::status::gateway_timeout, "Still in progress",
     "GET /v1/groups/<group> shows how it went."},
    {errc::outcome_unknown, http::status::gateway_timeout, "Outcome unknown", again_with_key},
    {errc::internal, http::status::internal_server_error, "Internal error"},
});

const kind& kind_of(errc code) noexcept {
    for (const auto& each : kinds) {
        if (each.code == code) return each;
    }
    return kinds.back();
}

json::object document(http::status status, std::string_view code, std::string_view title, std::string_view detail) {
    return {{"type", fmt::format("urn:penholder:problem:{}", code)},
            {"title", title},
            {"status", static_cast<unsigned>(status)},
            {"code", code},
            {"detail", detail}};
}

reply problem_reply(http::status status, const json::object& body) {
    reply answer{status, "application/problem+json", json::serialize(body), {}, nullptr};
    if (status == http::status::too_many_requests || status == http::status::service_unavailable) {
        answer.headers.emplace_back("Retry-After", "1");
    }
    if (status == http::status::unauthorized) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
}

/// What is under way, or may have happened, is never called rejected: that would promise that it will not happen.
bool is_open(errc code) noexcept {
    return is_unknown(code) || code == errc::in_flight || code == errc::in_progress;
}

void add(json::object& body, std::string_view name, std::string_view value) {
    if (!value.empty()) body[name] = value;
}

}  // namespace

http::status status_of(errc code) noexcept {
    return kind_of(code).status;
}

reply json_reply(http::status status, const json::object& body) {
    return {status, "application/json", json::serialize(body), {}, nullptr};
}

reply to_reply(const problem& told) {
    const auto& about = kind_of(told.code);
    auto body = document(about.status, to_string(told.code), about.title, told.detail);
    body["outcome"] = to_string(told.outcome);
    add(body, "group", told.group);
    add(body, "write_id", told.write_id);
    add(body, "sqlstate", told.sqlstate);
    if (told.statement) body["statement"] = *told.statement;
    add(body, "pointer", told.pointer);
    add(body, "hint", about.hint);
    return problem_reply(about.status, body);
}

reply to_reply(http::status status, std::string_view code, std::string_view detail) {
    auto body = document(status, code, http::obsolete_reason(status), detail);
    body["outcome"] = to_string(outcome::rejected);
    return problem_reply(status, body);
}

problem to_problem(const receipt& refused, const std::string& group) {
    const reason why = refused.why.value_or(reason{errc::internal, "the node gave no reason", {}, {}});
    const auto told = is_open(why.code) ? outcome::unknown : refused.outcome;
    return {why.code, why.message, told, group, refused.write_id, why.sqlstate, why.statement, {}};
}

problem to_problem(const error& failed, const std::string& group) {
    const auto told = is_open(failed.code) ? outcome::unknown : outcome::rejected;
    return {failed.code, failed.message, told, group, {}, {}, {}, {}};
}

}  // namespace penholder::daemon
