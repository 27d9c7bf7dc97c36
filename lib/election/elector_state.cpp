#include "elector_state.hpp"

#include <utility>

namespace penholder::election {

elector_state::elector_state(elector_options options)
    : who(std::move(options)),
      inquiry(who.retry_first, who.retry_most, who.seed),
      evictions(who.most_evictions),
      fence_backoff(who.fence_backoff_first, who.fence_backoff_most, who.seed),
      rival(who.seed),
      unreached(who.seed),
      turn(who.turn_after, who.seed),
      database(who.looks_at_database),
      host_eligible(who.eligible),
      out(who.group) {}

bool elector_state::eligible() const {
    const bool may = host_eligible && !database.is_foreign() && !who.observer && !retires();
    return may && !fence_backoff.is_active() && !rival.is_active();
}

bool elector_state::is_vacant() const noexcept {
    return !seen().leader || leader_agreed() || (leader_is_dead() && evictions.allows_one());
}

bool elector_state::may_act() const {
    return !stopping && session.is_up() && eligible() && !seen().control.paused;
}

bool elector_state::waits_for_others() const {
    return may_act() && group.is_candidate() && !own.leads() && !is_next() && !group.ahead().empty() &&
           !owns_leader() && is_vacant();
}

bool elector_state::earlier_life_is_over() const noexcept {
    const auto& self = seen().self;
    return self && !who.binding.empty() && self->binding == who.binding && self->incarnation != who.incarnation;
}

std::chrono::milliseconds elector_state::patience() const {
    const bool can_wait = !stopping && !own.leads() && !is_its_turn() && group.ahead().size() >= who.prompt_successors;
    const auto many = can_wait ? static_cast<std::int64_t>(seen().candidates.size()) : 0;
    return many * who.patience_per_candidate;
}

bool elector_state::withholds_eviction() const {
    return may_act() && is_next() && leader_is_dead() && !is_vacant();
}

void elector_state::connected(std::uint64_t generation, std::int64_t session_id) {
    if (session.id() != session_id) forget_session();
    session.up(generation, session_id);
    inquiry.drop();
    group.reconnected();
}

void elector_state::suspended() {
    session.suspend();
    own.confirm(false);
    inquiry.drop();
}

void elector_state::overdue() {
    suspended();
    session.be_overdue();
}

void elector_state::expired(std::uint64_t generation) {
    session.expire(generation);
    inquiry.drop();
    forget_session();
}

/// Its znodes are gone, or will be.
void elector_state::forget_session() {
    own.step_down();
    group.forget();
}

std::string elector_state::leader_since() const {
    const auto* shown = seen().leader_shown();
    return shown != nullptr ? shown->since : std::string();
}

leadership elector_state::now() const {
    leadership result{who.group, own_role(), 0, {}, {}, false};
    if (own.leads()) {
        result.term = own.term().value;
        result.leader = who.node;
        result.endpoint = who.endpoint;
        result.leader_serving = own.serves();
    } else if (const auto& followed = other.now(); followed && database.takes_part()) {
        result.term = followed->term.value;
        result.leader = followed->node;
        result.endpoint = followed->endpoint;
        result.leader_serving = followed->serving;
    }
    return result;
}

role elector_state::own_role() const {
    if (own.is_stopped()) return role::offline;
    if (own.serves()) return own.is_confirmed() ? role::serving : role::suspended;
    if (own.is_fencing()) return role::fencing;
    if (!group.is_enrolled() || session.is_overdue() || database.is_foreign()) return role::offline;
    if (who.observer) return role::observer;
    return group.is_candidate() ? role::follower : role::offline;
}

std::optional<error> elector_state::trouble() const {
    if (own.is_stopped()) return std::nullopt;
    if (auto foreign = database.trouble(who.node, who.group)) return foreign;
    if (auto fenced_off = rival.trouble()) return fenced_off;
    return inquiry.trouble() ? inquiry.trouble() : fence_backoff.trouble(out.reported().leader_serving);
}

}  // namespace penholder::election
