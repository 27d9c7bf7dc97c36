#include "next_step.hpp"

#include "handover.hpp"
#include "questions.hpp"

#include <cassert>
#include <utility>

namespace penholder::election {
namespace {

any_step ask(any_question question) {
    return step::ask{std::move(question)};
}

/// What the last full read showed is enough to try, though something may have changed since: the transaction finds out.
bool may_contest(const elector_state& now) {
    const bool knows_its_place = now.group.is_enrolled() && now.group.full_read_stands();
    const bool may_be_next = now.group.is_first() || now.turn.has_come();
    if (now.stopping || !knows_its_place || !may_be_next || !now.eligible() || now.seen().control.paused) return false;
    if (now.own.leads() || now.owns_leader() || !now.is_vacant()) return false;
    const auto own = now.seen().candidates_of(now.session.id());
    return own.size() == 1 && own.front().record == now.candidacy();
}

/// A partial read is enough to know whom to follow; a node that may have to act on what it shows reads everything at
/// once.
any_step read(const elector_state& now) {
    const bool may_have_to_lead = now.is_its_turn() && (!now.seen().leader || now.leader_agreed());
    const bool full = now.group.needed() == scope::full || may_have_to_lead;
    return step::read{full ? scope::full : scope::partial};
}

any_step await_leader(const elector_state& now) {
    if (!now.seen().leader && !now.timers.is_armed(timer::vacancy)) return step::arm_vacancy{};
    return step::none{};
}

any_step follow(const elector_state& now) {
    if (const auto* ahead = now.group.unwatched_predecessor()) {
        return ask(action::watch_candidate{0, ahead->znode, ahead->version});
    }
    return await_leader(now);
}

/// A node whose record says another database than it has enrolls anew: records do not change while they stand.
any_step enroll(const elector_state& now) {
    const auto& self = now.seen().self;
    return ask(action::enroll{0, now.database.own(), self ? std::optional(self->version) : std::nullopt});
}

/// In the same transaction goes all that the earlier life has left.
any_step replace_earlier_life(const elector_state& now) {
    const auto& left = *now.seen().self;
    action::enroll asked{0, now.database.own(), left.version};
    for (const auto& each : now.seen().candidates_of(left.owner)) asked.replaced_candidates.push_back(each.znode);
    return ask(std::move(asked));
}

bool is_enrolled_with_another_database(const elector_state& now) {
    const auto& self = now.seen().self;
    return self && self->owner == now.session.id() && self->database != now.database.own();
}

/// With another database than the group's it may be seen, and nothing else.
any_step stand_aside(const elector_state& now) {
    const auto own = now.seen().candidates_of(now.session.id());
    return own.empty() ? await_leader(now) : ask(action::remove_candidate{0, own.front().znode});
}

any_step stand(const elector_state& now) {
    const auto own = now.seen().candidates_of(now.session.id());
    if (own.empty()) return ask(action::create_candidate{0, now.candidacy()});
    if (own.size() > 1) return ask(action::remove_candidate{0, own.back().znode});
    if (own.front().record != now.candidacy()) {
        return ask(action::set_candidate{0, own.front().znode, now.candidacy(), own.front().version});
    }
    const bool may_act = !now.seen().control.paused && now.eligible() && now.is_its_turn();
    if (may_act && !now.group.full_read_stands() && now.is_vacant()) return step::read{scope::full};
    return follow(now);
}

/// The heir is named only where this node has served: after a fence that could not be raised nobody hands over
/// anything.
any_step give_up(const elector_state& now) {
    if (now.own.has_served() && !now.group.full_read_stands()) return step::read{scope::full};
    const auto* serving = now.own.serving();
    const auto timed_out = serving != nullptr ? serving->heir_timed_out : std::string();
    auto heir =
        now.own.has_served() ? choose_heir(now.seen(), next_in_succession, now.who.node, timed_out) : std::string();
    return ask(question_to_give_up(now.seen(), now.session.id(), std::move(heir), now.own.term()));
}

any_step govern(const elector_state& now) {
    const auto* shown = now.seen().leader_shown();
    const bool is_newer = shown != nullptr && shown->term > now.own.term();
    if (!now.own.leads() && is_newer && now.eligible() && !now.stopping) return step::raise_fence{shown->term};
    if (!now.own.leads()) return give_up(now);
    if (now.own.is_fencing()) return now.stopping ? any_step(step::step_down{}) : step::none{};
    if (const auto* draining = now.own.draining()) return draining->finished ? give_up(now) : step::none{};
    return next_handover_step(
        now.seen(), *now.own.serving(),
        {now.who.group, now.who.node, now.stopping, now.retires(), now.group.full_read_stands(), now.who.heir_within});
}

/// The name is another session's: a second node of that name, or an earlier incarnation of this one whose session has
/// not ended yet.
error name_taken(const elector_state& now) {
    return {errc::name_taken, "another session has enrolled node " + now.who.node + " in group " + now.who.group +
                                  " (incarnation " + now.seen().self->incarnation +
                                  "): if that is an earlier life of this process, its session ends within " +
                                  std::to_string(now.who.session_timeout.count()) +
                                  " ms of its death, and this one goes on; if not, give one of the two another name"};
}

/// The name is not this session's.
any_step claim_name(const elector_state& now) {
    if (!now.earlier_life_is_over()) return step::wait_for_name{name_taken(now)};
    return now.database.was_looked_at() ? replace_earlier_life(now) : any_step(step::none{});
}

any_step leave(const elector_state& now) {
    const auto own = now.seen().candidates_of(now.session.id());
    if (!own.empty()) return ask(action::remove_candidate{0, own.front().znode});
    if (now.seen().self && now.seen().self->owner == now.session.id()) return ask(action::withdraw{});
    return step::finish{};
}

}  // namespace

any_step next_step(const elector_state& now) {
    assert(now.session.is_up() && now.inquiry.is_idle());
    const bool may_declare = now.group.needed() != scope::full || now.own.is_confirmed();
    if (now.own.is_undeclared() && may_declare) {
        return ask(question_to_declare(now.seen(), now.who, now.own.term(), now.database.last_raise()));
    }
    if (may_contest(now)) return step::contest{now.leader_is_dead() && !now.leader_agreed()};
    if (now.group.needed()) return read(now);
    if (!now.seen().group_exists && !now.stopping) return ask(action::create_parents{});
    if (now.seen().name_is_free() && !now.stopping)
        return now.database.was_looked_at() ? enroll(now) : any_step(step::none{});
    if (now.owns_leader()) return govern(now);
    if (now.stopping) return leave(now);
    if (!now.group.is_enrolled()) return claim_name(now);
    if (is_enrolled_with_another_database(now)) return enroll(now);
    if (now.database.is_foreign()) return stand_aside(now);
    return now.who.observer ? any_step(step::none{}) : stand(now);
}

}  // namespace penholder::election
