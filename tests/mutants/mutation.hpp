#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace penholder {

/// Deliberate mistakes, one for each rule that a promise rests on. The tests switch each of them on and demand to catch
/// it: tests that a mistake survives are worth nothing. docs/simulation.md says what each breaks.
/// The patches beside this file bring them into a copy of the product's sources, where this is base/mutation.hpp; the
/// product itself has none.
enum class mutation : std::uint8_t {
    none,
    owner_ignored,
    wrong_predecessor,
    stale_generation_accepted,
    overdue_for_ever,
    sequence_unsigned,
    sequence_unwrapped,
    database_term_ignored,
    terms_version_ignored,
    term_reused,
    turn_never_comes,
    turn_at_once,
    leadership_kept,
    agreement_ignored,
    process_death_without_refusal,
    process_death_misdirected,
    evictions_unlimited,
    held_writes_dropped,
    doubt_forgotten,
    doubt_rejected,
    fresh_id_on_retry,
    deadline_ignored,
    pending_unbounded,
    unknown_forgotten,
    forwarded_twice,
    acknowledge_before_commit,
    plain_select_guard,
    twin_admitted,
    queue_unbounded,
    stale_ledger_cache,
    fence_not_raised_again,
    ledger_skipped_on_retry,
    lost_commit_taken_for_failed,
    row_count_ignored,
    expired_taken_for_fresh,
    kept_answers_dropped,
    stale_facts,
    poison_requeued,
    rejection_not_tried_alone,
    not_plain_in_lane,
    two_ways_at_once,
    session_unguarded,
    session_not_cleaned,
    session_kept_for_all,
    session_trusts_catalogue,
    unclean_session_kept,
    identity_ignored,
    ownerless_trusted,
    unreached_ignored,
    drain_ignored,
};

/// A mutation and the name by which it is chosen.
struct named_mutation {
    mutation what = mutation::none;
    std::string_view name;
};

/// All of them but `none`.
std::span<const named_mutation> all_mutations() noexcept;
std::string_view to_string(mutation what) noexcept;
std::optional<mutation> mutation_from_string(std::string_view name) noexcept;

/// What has to be said loudly of a build that can be made to break its promises.
std::string mutation_warning();

/// The one mistake that this process makes. At first it is the one that the environment variable PENHOLDER_MUTATION
/// names; a name that nobody knows ends the process.
mutation& chosen_mutation() noexcept;

inline bool mutated(mutation what) noexcept {
    return chosen_mutation() == what;
}

}  // namespace penholder
