#include "mutation.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace penholder {
namespace {

constexpr auto named_mutations = std::to_array<named_mutation>({
    {mutation::owner_ignored, "owner_ignored"},
    {mutation::wrong_predecessor, "wrong_predecessor"},
    {mutation::stale_generation_accepted, "stale_generation_accepted"},
    {mutation::overdue_for_ever, "overdue_for_ever"},
    {mutation::sequence_unsigned, "sequence_unsigned"},
    {mutation::sequence_unwrapped, "sequence_unwrapped"},
    {mutation::database_term_ignored, "database_term_ignored"},
    {mutation::terms_version_ignored, "terms_version_ignored"},
    {mutation::term_reused, "term_reused"},
    {mutation::turn_never_comes, "turn_never_comes"},
    {mutation::turn_at_once, "turn_at_once"},
    {mutation::leadership_kept, "leadership_kept"},
    {mutation::agreement_ignored, "agreement_ignored"},
    {mutation::process_death_without_refusal, "process_death_without_refusal"},
    {mutation::process_death_misdirected, "process_death_misdirected"},
    {mutation::evictions_unlimited, "evictions_unlimited"},
    {mutation::held_writes_dropped, "held_writes_dropped"},
    {mutation::doubt_forgotten, "doubt_forgotten"},
    {mutation::doubt_rejected, "doubt_rejected"},
    {mutation::fresh_id_on_retry, "fresh_id_on_retry"},
    {mutation::deadline_ignored, "deadline_ignored"},
    {mutation::pending_unbounded, "pending_unbounded"},
    {mutation::unknown_forgotten, "unknown_forgotten"},
    {mutation::forwarded_twice, "forwarded_twice"},
    {mutation::acknowledge_before_commit, "acknowledge_before_commit"},
    {mutation::plain_select_guard, "plain_select_guard"},
    {mutation::twin_admitted, "twin_admitted"},
    {mutation::queue_unbounded, "queue_unbounded"},
    {mutation::stale_ledger_cache, "stale_ledger_cache"},
    {mutation::fence_not_raised_again, "fence_not_raised_again"},
    {mutation::ledger_skipped_on_retry, "ledger_skipped_on_retry"},
    {mutation::lost_commit_taken_for_failed, "lost_commit_taken_for_failed"},
    {mutation::row_count_ignored, "row_count_ignored"},
    {mutation::expired_taken_for_fresh, "expired_taken_for_fresh"},
    {mutation::kept_answers_dropped, "kept_answers_dropped"},
    {mutation::stale_facts, "stale_facts"},
    {mutation::poison_requeued, "poison_requeued"},
    {mutation::rejection_not_tried_alone, "rejection_not_tried_alone"},
    {mutation::not_plain_in_lane, "not_plain_in_lane"},
    {mutation::two_ways_at_once, "two_ways_at_once"},
    {mutation::session_unguarded, "session_unguarded"},
    {mutation::session_not_cleaned, "session_not_cleaned"},
    {mutation::session_kept_for_all, "session_kept_for_all"},
    {mutation::session_trusts_catalogue, "session_trusts_catalogue"},
    {mutation::unclean_session_kept, "unclean_session_kept"},
    {mutation::identity_ignored, "identity_ignored"},
    {mutation::ownerless_trusted, "ownerless_trusted"},
    {mutation::unreached_ignored, "unreached_ignored"},
    {mutation::drain_ignored, "drain_ignored"},
});

}  // namespace

std::span<const named_mutation> all_mutations() noexcept {
    return named_mutations;
}

std::string_view to_string(mutation what) noexcept {
    const auto found = std::ranges::find(named_mutations, what, &named_mutation::what);
    return found == named_mutations.end() ? "none" : found->name;
}

std::optional<mutation> mutation_from_string(std::string_view name) noexcept {
    const auto found = std::ranges::find(named_mutations, name, &named_mutation::name);
    return found == named_mutations.end() ? std::nullopt : std::optional(found->what);
}

namespace {

mutation from_environment() noexcept {
    const char* wanted = std::getenv("PENHOLDER_MUTATION");
    if (wanted == nullptr || *wanted == '\0') return mutation::none;
    if (const auto known = mutation_from_string(wanted)) return *known;
    std::fprintf(stderr, "PENHOLDER_MUTATION names '%s', which is no mutation; tests/mutants/mutation.cpp lists them\n",
                 wanted);
    std::exit(2);
}

}  // namespace

mutation& chosen_mutation() noexcept {
    static mutation chosen = from_environment();
    return chosen;
}

std::string mutation_warning() {
    return "THIS BUILD BREAKS ITS PROMISES ON DEMAND, for tests only, never for real data; "
           "mutation: " +
           std::string(to_string(chosen_mutation()));
}

}  // namespace penholder
