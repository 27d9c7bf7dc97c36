#include "cli/exit_code.hpp"

namespace penholder::cli {

exit_code exit_code_of(errc why) noexcept {
    switch (why) {
        case errc::invalid_argument: return exit_code::usage;
        case errc::no_leader:
        case errc::not_leader: return exit_code::no_leader;
        case errc::refused:
        case errc::node_not_found:
        case errc::paused:
        case errc::unauthorized:
        case errc::forbidden_statement:
        case errc::payload_too_large:
        case errc::overloaded:
        case errc::statement_failed:
        case errc::row_count_mismatch:
        case errc::key_reused: return exit_code::refused;
        case errc::ensemble_unreachable:
        case errc::session_expired: return exit_code::ensemble_unreachable;
        case errc::in_progress:
        case errc::in_flight:
        case errc::deadline_expired:
        case errc::receipt_expired:
        case errc::outcome_unknown: return exit_code::in_progress;
        default: return exit_code::failed;
    }
}

exit_code exit_code_of(const receipt& answer) noexcept {
    switch (answer.outcome) {
        case outcome::committed: return exit_code::done;
        case outcome::unknown: return exit_code::in_progress;
        case outcome::rejected: break;
    }
    const errc why = answer.why ? answer.why->code : errc::internal;
    if (why == errc::no_leader || why == errc::not_leader) return exit_code::no_leader;
    return why == errc::in_flight ? exit_code::in_progress : exit_code::refused;
}

}  // namespace penholder::cli
