#include "api/error_table.hpp"

#include <algorithm>
#include <array>

namespace penholder::api {
namespace {

constexpr std::string_view again = "Send the same request again a little later.";
constexpr std::string_view again_then = "Then send the same request again.";
constexpr std::string_view again_with_key =
    "Send it again with the same Idempotency-Key, or GET the receipt by the write_id.";
constexpr std::string_view rolled_back_rows =
    "The write was rolled back as a whole. Read the rows again and decide anew, with a new key.";
constexpr std::string_view rolled_back_statement =
    "The write was rolled back as a whole. Mend what was wrong, then send it anew; an Idempotency-Key keeps this "
    "answer, "
    "so with a new one, or have an operator forget it.";
constexpr std::string_view list_groups = "GET /v1/status lists the groups of this node.";
constexpr std::string_view list_members = "GET /v1/groups/<group> lists the members.";
constexpr std::string_view show_progress = "GET /v1/groups/<group> shows how it went.";

// Sorted by status. The first code of a status is what the status alone means.
constexpr auto table = std::to_array<error_row>({
    {errc::malformed_write, 400, exit_code::failed, "Malformed write"},
    {errc::invalid_argument, 400, exit_code::usage, "Bad request"},
    {errc::unauthorized, 401, exit_code::refused, "Not authorized", "Send 'Authorization: Bearer <token>'."},
    {errc::unknown_group, 404, exit_code::failed, "Unknown group", list_groups},
    {errc::node_not_found, 404, exit_code::refused, "No such node", list_members},
    {errc::in_flight, 409, exit_code::in_progress, "Still in flight", again_with_key},
    {errc::refused, 409, exit_code::refused, "Refused"},
    {errc::not_leader, 409, exit_code::no_leader, "Not the leader", "Ask the leader, or use handover on any node."},
    {errc::receipt_expired, 410, exit_code::in_progress, "Receipt expired"},
    {errc::row_count_mismatch, 412, exit_code::refused, "Row count not as expected", rolled_back_rows},
    {errc::payload_too_large, 413, exit_code::refused, "Payload too large"},
    {errc::frame_too_large, 413, exit_code::failed, "Payload too large"},
    {errc::statement_failed, 422, exit_code::refused, "Statement failed", rolled_back_statement},
    {errc::forbidden_statement, 422, exit_code::refused, "Forbidden statement"},
    {errc::key_reused, 422, exit_code::refused, "Key used for another write", "Give each write its own key."},
    {errc::overloaded, 429, exit_code::refused, "Overloaded", again},
    {errc::internal, 500, exit_code::failed, "Internal error"},
    {errc::invalid_configuration, 500, exit_code::failed, "Invalid configuration"},
    {errc::name_taken, 500, exit_code::failed, "Name taken"},
    {errc::malformed_znode, 500, exit_code::failed, "Malformed znode"},
    {errc::tls_unsupported, 500, exit_code::failed, "TLS unsupported"},
    {errc::malformed_frame, 500, exit_code::failed, "Malformed frame"},
    {errc::protocol_mismatch, 500, exit_code::failed, "Protocol mismatch"},
    {errc::group_mismatch, 500, exit_code::failed, "Group mismatch"},
    {errc::no_leader, 503, exit_code::no_leader, "No leader", again},
    {errc::deadline_expired, 503, exit_code::in_progress, "Deadline expired", again},
    {errc::shutting_down, 503, exit_code::failed, "Shutting down", "Send it to another node."},
    {errc::paused, 503, exit_code::refused, "Paused", again},
    {errc::database_unreachable, 503, exit_code::failed, "Database unreachable", again},
    {errc::schema_missing, 503, exit_code::failed, "Schema missing", "Run 'penholder init'."},
    {errc::schema_unknown, 503, exit_code::failed, "Schema unknown", "Upgrade this node."},
    {errc::fenced, 503, exit_code::failed, "Fenced", again},
    {errc::ensemble_unreachable, 503, exit_code::ensemble_unreachable, "Ensemble unreachable", again},
    {errc::session_expired, 503, exit_code::ensemble_unreachable, "Session expired", again},
    {errc::link_lost, 503, exit_code::failed, "Link lost", again},
    {errc::outcome_unknown, 504, exit_code::in_progress, "Outcome unknown", again_with_key},
    {errc::in_progress, 504, exit_code::in_progress, "Still in progress", show_progress},
});

constexpr const error_row* find_row(errc code) noexcept {
    const auto* found = std::ranges::find(table, code, &error_row::code);
    return found == table.end() ? nullptr : found;
}

constexpr bool every_code_has_a_row() noexcept {
    for (int code = 1; code <= static_cast<int>(errc::internal); ++code) {
        if (find_row(static_cast<errc>(code)) == nullptr) return false;
    }
    return true;
}
static_assert(every_code_has_a_row());

}  // namespace

std::string_view error_row::hint_after_advice() const noexcept {
    return hint == again ? again_then : hint;
}

const error_row& row_of(errc code) noexcept {
    const auto* found = find_row(code);
    return found != nullptr ? *found : *find_row(errc::internal);
}

errc code_of_status(unsigned http_status) noexcept {
    constexpr unsigned forbidden = 403;
    if (http_status == forbidden) return errc::unauthorized;
    const auto* found = std::ranges::find(table, http_status, &error_row::http_status);
    return found == table.end() ? errc::internal : found->code;
}

exit_code exit_code_of(errc code) noexcept {
    return row_of(code).exit;
}

exit_code exit_code_of(const receipt& answer) noexcept {
    switch (answer.outcome) {
        case outcome::committed: return exit_code::done;
        case outcome::unknown: return exit_code::in_progress;
        case outcome::rejected: break;
    }
    const errc code = answer.why ? answer.why->code : errc::internal;
    if (code == errc::no_leader || code == errc::not_leader) return exit_code::no_leader;
    return code == errc::in_flight ? exit_code::in_progress : exit_code::refused;
}

}  // namespace penholder::api
