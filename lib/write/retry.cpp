#include "retry.hpp"

#include "base/backoff.hpp"

namespace penholder {
namespace {

using kind = next_step::kind;

std::chrono::milliseconds delay_after(int tries, const router_options& settings) {
    return doubled(settings.first_retry, settings.longest_retry, tries - 1);
}

next_step after_hand_back(const pending_write& one, errc why, const router_options& settings) {
    const next_step retry{kind::retry, delay_after(one.tries, settings)};
    const bool patient = one.in_doubt || one.held;
    switch (why) {
        case errc::not_leader:
        case errc::no_leader:
        case errc::fenced:
        case errc::shutting_down:
        case errc::database_unreachable:
        case errc::ensemble_unreachable:
        case errc::link_lost: return retry;
        case errc::overloaded: return patient ? retry : next_step{kind::reject};
        default: return one.in_doubt ? next_step{kind::doubt} : next_step{kind::reject};
    }
}

}  // namespace

next_step after_attempt(const pending_write& one, const write_answer& answer, const router_options& settings) {
    switch (answer.verdict) {
        case write_verdict::decided: return {kind::settle};
        case write_verdict::handed_back: return after_hand_back(one, answer.why, settings);
        case write_verdict::in_flight:
            return one.in_doubt ? next_step{kind::retry, settings.in_flight_retry} : next_step{kind::unknown};
        case write_verdict::in_doubt: break;
    }
    // The ledger has forgotten the answer: asking again would only be told the same.
    if (answer.why == errc::receipt_expired) return {kind::unknown};
    return {kind::retry, delay_after(one.tries, settings)};
}

}  // namespace penholder
