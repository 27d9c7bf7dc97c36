#include <penholder/errc.hpp>

#include <array>
#include <string>
#include <utility>

namespace penholder {
namespace {

constexpr auto names = std::to_array<std::pair<errc, std::string_view>>({
    {errc::invalid_argument, "invalid_argument"},
    {errc::invalid_configuration, "invalid_configuration"},
    {errc::unknown_group, "unknown_group"},
    {errc::malformed_write, "malformed_write"},
    {errc::forbidden_statement, "forbidden_statement"},
    {errc::payload_too_large, "payload_too_large"},
    {errc::unauthorized, "unauthorized"},
    {errc::overloaded, "overloaded"},
    {errc::no_leader, "no_leader"},
    {errc::not_leader, "not_leader"},
    {errc::deadline_expired, "deadline_expired"},
    {errc::shutting_down, "shutting_down"},
    {errc::paused, "paused"},
    {errc::outcome_unknown, "outcome_unknown"},
    {errc::statement_failed, "statement_failed"},
    {errc::row_count_mismatch, "row_count_mismatch"},
    {errc::key_reused, "key_reused"},
    {errc::receipt_expired, "receipt_expired"},
    {errc::in_flight, "in_flight"},
    {errc::database_unreachable, "database_unreachable"},
    {errc::schema_missing, "schema_missing"},
    {errc::schema_unknown, "schema_unknown"},
    {errc::fenced, "fenced"},
    {errc::ensemble_unreachable, "ensemble_unreachable"},
    {errc::session_expired, "session_expired"},
    {errc::name_taken, "name_taken"},
    {errc::malformed_znode, "malformed_znode"},
    {errc::tls_unsupported, "tls_unsupported"},
    {errc::node_not_found, "node_not_found"},
    {errc::refused, "refused"},
    {errc::in_progress, "in_progress"},
    {errc::link_lost, "link_lost"},
    {errc::malformed_frame, "malformed_frame"},
    {errc::frame_too_large, "frame_too_large"},
    {errc::protocol_mismatch, "protocol_mismatch"},
    {errc::group_mismatch, "group_mismatch"},
    {errc::internal, "internal"},
});

class penholder_category final : public std::error_category {
public:
    const char* name() const noexcept override { return "penholder"; }
    std::string message(int code) const override { return std::string(to_string(static_cast<errc>(code))); }
};

}  // namespace

std::string_view to_string(errc code) noexcept {
    for (const auto& [candidate, name] : names) {
        if (candidate == code) return name;
    }
    return "unknown_code";
}

std::optional<errc> errc_from_string(std::string_view name) noexcept {
    for (const auto& [code, candidate] : names) {
        if (candidate == name) return code;
    }
    return std::nullopt;
}

bool is_retryable(errc code) noexcept {
    switch (code) {
        case errc::overloaded:
        case errc::no_leader:
        case errc::not_leader:
        case errc::deadline_expired:
        case errc::shutting_down:
        case errc::paused:
        case errc::in_flight:
        case errc::database_unreachable:
        case errc::ensemble_unreachable:
        case errc::link_lost: return true;
        default: return false;
    }
}

bool is_unknown(errc code) noexcept {
    return code == errc::outcome_unknown;
}

const std::error_category& category() noexcept {
    static const penholder_category instance;
    return instance;
}

std::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), category()};
}

}  // namespace penholder
