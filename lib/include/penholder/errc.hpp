#pragma once

#include <optional>
#include <string_view>
#include <system_error>

namespace penholder {

/// Everything that Penholder itself can answer besides success. Ask `is_retryable` and `is_unknown`; never compare
/// text.
enum class errc {
    // The caller's input. Nothing was sent.
    invalid_argument = 1,
    invalid_configuration,
    unknown_group,
    malformed_write,
    forbidden_statement,
    payload_too_large,
    unauthorized,

    // The write was not attempted: it did not happen, and the same write may be submitted again.
    overloaded,
    no_leader,
    not_leader,
    deadline_expired,
    shutting_down,
    paused,

    // The write was sent and nothing proves what became of it. Ask again with the same write id.
    outcome_unknown,

    // The database or the ledger refused the write. Final for its write id.
    statement_failed,
    row_count_mismatch,
    key_reused,
    receipt_expired,

    // The same write id is being applied at this moment.
    in_flight,

    // The database.
    database_unreachable,
    schema_missing,
    schema_unknown,
    fenced,

    // The ensemble.
    ensemble_unreachable,
    session_expired,
    name_taken,
    malformed_znode,
    tls_unsupported,
    node_not_found,
    refused,
    in_progress,

    // Links.
    link_lost,
    malformed_frame,
    frame_too_large,
    protocol_mismatch,
    group_mismatch,

    internal,
};

/// The stable, lower-case name of a code, such as "no_leader". It is what HTTP, the CLI and the logs print.
std::string_view to_string(errc code) noexcept;

/// The code of that name; nothing where this release knows none.
std::optional<errc> errc_from_string(std::string_view name) noexcept;

/// True when nothing happened and submitting the same write again, a little later, may well succeed.
bool is_retryable(errc code) noexcept;

/// True when the write may or may not have happened.
bool is_unknown(errc code) noexcept;

const std::error_category& category() noexcept;
std::error_code make_error_code(errc code) noexcept;

}  // namespace penholder

template <>
struct std::is_error_code_enum<penholder::errc> : std::true_type {};
