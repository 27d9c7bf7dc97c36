#include "elector.hpp"

#include "answers.hpp"
#include "next_step.hpp"
#include "paths.hpp"
#include "questions.hpp"

#include <algorithm>
#include <utility>

namespace penholder::election {
namespace {

std::string text(term of) {
    return std::to_string(of.value);
}

}  // namespace

elector::elector(elector_options options) : state_(std::move(options)) {}

actions elector::on(const any_event& what) {
    if (state_.own.is_stopped()) return {};
    std::visit([this](const auto& each) { handle(each); }, what);
    if (leave_to_others(state_)) state_.group.need(scope::full);
    proceed();
    state_.out.report(state_.now());
    state_.out.report_trouble(state_.trouble());
    state_.out.report_database(state_.database.groups());
    return state_.out.take();
}

// What happened: the session and the ensemble.

void elector::handle(const event::session_up& what) {
    if (state_.session.is_fresh(what.generation)) state_.connected(what.generation, what.session);
}

void elector::handle(const event::session_suspended& what) {
    if (state_.session.is_fresh(what.generation) && state_.session.exists()) state_.suspended();
}

/// What this node led it goes on leading: only what is said of it changes.
void elector::handle(const event::session_overdue& what) {
    if (state_.session.is_fresh(what.generation) && state_.session.exists()) state_.overdue();
}

void elector::handle(const event::session_expired& what) {
    if (state_.session.is_fresh(what.generation)) state_.expired(what.generation);
}

void elector::handle(const event::leader_changed& what) {
    const auto patience = state_.patience();
    if (patience.count() > 0 && state_.session.is_fresh(what.generation)) return put_off_news(patience);
    changed(what.generation, state_.is_next() ? scope::full : scope::partial);
}

void elector::handle(const event::control_changed& what) {
    changed(what.generation, scope::partial);
}

void elector::handle(const event::self_changed& what) {
    changed(what.generation, scope::full);
}

void elector::handle(const event::candidate_changed& what) {
    const bool own = what.znode.starts_with(candidate_prefix(state_.session.id()));
    if (!state_.group.watch_fired(what.znode) && !own) return;
    changed(what.generation, state_.own.leads() ? scope::partial : scope::full);
}

/// A node that is stopping and does not lead ignores further changes.
void elector::changed(std::uint64_t generation, scope how_much) {
    if (!state_.session.is_fresh(generation) || (state_.stopping && !state_.own.leads())) return;
    state_.inquiry.wake();
    state_.group.need(how_much);
}

void elector::put_off_news(std::chrono::milliseconds most) {
    if (!puts_off_news()) arm(timer::news, state_.turn.share_of(most));
}

void elector::read_news() {
    state_.timers.disarm(timer::news);
    state_.inquiry.wake();
    state_.group.need(scope::partial);
}

void elector::handle(const event::snapshot_read& what) {
    if (state_.inquiry.close(what.ticket)) take_snapshot(state_, what.seen);
}

void elector::handle(const event::answered& what) {
    const auto asked = state_.inquiry.close(what.ticket);
    if (!asked) return;
    if (what.reply == ensemble_reply::done) return take_done(state_, *asked);
    take_failure(state_, *asked, what);
    if (state_.stopping && !is_lost_race(what.reply)) take(step::finish{});
}

void elector::handle(const event::timer_fired& what) {
    if (!state_.timers.fired(what)) return;
    switch (what.which) {
        case timer::retry: return state_.inquiry.wake();
        case timer::fence_backoff: return state_.fence_backoff.over();
        case timer::vacancy: return state_.group.need(scope::full);
        case timer::turn:
            state_.turn.comes();
            state_.group.doubt();
            return state_.group.need(scope::full);
        case timer::eviction: return state_.evictions.refill();
        case timer::rival: return state_.rival.pause_over();
        case timer::peace: return state_.rival.left_in_peace();
        case timer::unreached: return stand_as_before();
        case timer::news: return read_news();
        case timer::heir: return state_.own.heir_timed_out();
        case timer::drain:
            if (state_.own.drained()) state_.out.log("drain_timed_out", {{"term", text(state_.own.term())}});
            return;
    }
}

// What happened: the host.

void elector::handle(const event::eligibility& what) {
    state_.host_eligible = what.eligible;
    if (what.eligible || !state_.own.leads()) return;
    state_.out.log("eligibility_lost", {{"term", text(state_.own.term())}});
    state_.group.doubt();
    state_.own.step_down();
}

void elector::handle(const event::database_found& what) {
    state_.database.found(what.identity);
}

/// A leader that nobody writes through learns here that it was fenced; others learn it from the guard. And a fence that
/// was the reason to follow somebody may be gone, where the database is another or an older one now.
void elector::handle(const event::database_term& what) {
    if (state_.own.leads() && what.term > state_.own.term()) return handle(event::fenced{what.term, {}, {}});
    state_.highest = std::max(state_.highest, what.term);
    if (state_.other.database_shows(what.term)) state_.group.need(scope::full);
}

/// Where it was raised anew, the ensemble is told so: whoever comes back from before that is refused.
void elector::handle(const event::fence_raised& what) {
    if (state_.own.fence_raised(what.term)) state_.fence_backoff.raised();
    const fence_raise own{what.term, what.at};
    if (!own.is_known() || !state_.own.leads_term(what.term) || own == state_.database.last_raise()) return;
    state_.database.raised(own);
    state_.own.declared(false);
}

void elector::handle(const event::fence_failed& what) {
    state_.highest = std::max(state_.highest, what.seen.value_or(term{}));
    if (!state_.own.is_fencing() || state_.own.term() != what.term) return;
    state_.out.log("fence_not_raised", {{"term", text(what.term)}, {"reason", what.why.message}});
    state_.own.step_down();
    arm(timer::fence_backoff, state_.fence_backoff.failed(what.why));
}

void elector::handle(const event::fenced& what) {
    state_.highest = std::max(state_.highest, what.by);
    if (state_.own.leads() && what.by > state_.own.term()) {
        state_.out.log("fenced_off", {{"term", text(state_.own.term())}, {"by", text(what.by)}});
        state_.rival.fenced_off({what.by, what.leader, what.endpoint});
        state_.own.step_down();
        state_.group.need(scope::full);
    }
    if (state_.own.leads()) return;
    const bool is_other = what.leader != state_.who.node;
    state_.other.fenced(what.by, is_other ? what.leader : std::string(), what.endpoint);
}

void elector::handle(const event::drained& what) {
    if (state_.own.leads_term(what.term)) state_.own.drained();
}

/// What is known of the group may be old: a node that acts on a death reads everything first.
void elector::handle(const event::leader_died& what) {
    if (state_.death == what.proof) return;
    state_.death = what.proof;
    state_.group.doubt();
}

void elector::handle(const event::leader_heard& what) {
    if (state_.death && state_.death->term <= what.term) state_.death.reset();
}

/// Who else could lead may have changed since the group was read.
void elector::handle(const event::unreached&) {
    if (!state_.own.serves()) return;
    arm(timer::unreached, state_.unreached.found());
    state_.own.set_unreached(true);
    state_.group.doubt();
}

void elector::handle(const event::reached&) {
    state_.own.set_unreached(false);
    if (state_.unreached.is_active()) stand_as_before();
}

void elector::handle(const event::leader_wanted&) {
    if (puts_off_news()) read_news();
}

void elector::handle(const event::resign&) {
    if (!state_.own.serves()) {
        return take(step::refuse{{errc::not_leader, "node " + state_.who.node + " does not lead group " +
                                                        state_.who.group + "; ask the leader to resign"}});
    }
    state_.own.resign();
    state_.group.doubt();
}

void elector::handle(const event::retire&) {
    state_.retiring = true;
    state_.group.doubt();
}

void elector::handle(const event::stop&) {
    state_.stopping = true;
    state_.inquiry.wake();
    state_.group.doubt();
}

// What is done next.

void elector::proceed() {
    if (state_.own.is_stopped()) return;
    if (state_.stopping && !state_.session.is_up()) return take(step::finish{});
    mind_turn();
    if (!state_.session.is_up() || !state_.inquiry.is_idle()) return;
    note_withheld_eviction(state_);
    take(next_step(state_));
    if (state_.inquiry.is_idle()) state_.inquiry.settled();
}

/// Counts the time that is left to those ahead, also while a question is open that is never answered.
void elector::mind_turn() {
    if (!state_.waits_for_others()) {
        state_.turn.is_over();
        state_.timers.disarm(timer::turn);
    } else if (!state_.turn.has_come() && !state_.timers.is_armed(timer::turn)) {
        arm(timer::turn, state_.turn.comes_after(state_.group.ahead().size()));
    }
}

/// No leadership of this node counts as unreached any more; after peace none ever did.
void elector::stand_as_before() {
    if (!state_.unreached.over()) return state_.unreached.left_in_peace();
    arm(timer::unreached, unreached_leader::peace);
}

void elector::take(const any_step& next) {
    std::visit([this](const auto& each) { take(each); }, next);
}

void elector::take(const step::read& step) {
    state_.group.reading();
    state_.timers.disarm(timer::news);
    ask(action::read{0, step.scope});
}

void elector::take(const step::ask& step) {
    std::visit([this](const auto& question) { ask(question); }, step.question);
}

/// The watch on the name, or the timer, makes this node read again.
void elector::take(const step::wait_for_name& step) {
    state_.inquiry.set_trouble(step.why);
    state_.group.need(scope::full);
    arm(timer::retry, state_.inquiry.rest());
}

void elector::take(const step::arm_vacancy&) {
    arm(timer::vacancy, state_.who.vacancy_after);
}

void elector::take(const step::look_again&) {
    if (!state_.timers.is_armed(timer::vacancy)) arm(timer::vacancy, state_.who.vacancy_after);
}

void elector::take(const step::contest& step) {
    const auto next = term{state_.highest.value + 1};
    if (step.evicts) {
        state_.evictions.spend();
        arm(timer::eviction, state_.who.evictions_within);
    }
    ask(question_to_lead(state_.seen(), state_.who,
                         {state_.session.id(), state_.database.own(), state_.database.last_raise()}, next,
                         step.evicts ? &*state_.death : nullptr));
}

void elector::take(const step::raise_fence& step) {
    begin_term(state_, step.of, false);
}

void elector::take(const step::step_down&) {
    state_.own.step_down();
    take(next_step(state_));
}

/// It was named here, or before a disconnect.
void elector::take(const step::wait_for_heir& step) {
    state_.own.name_heir(step.heir);
    if (!state_.timers.is_armed(timer::heir)) arm(timer::heir, state_.who.heir_within);
}

void elector::take(const step::name_heir& step) {
    if (step.anybody) state_.own.resign();
    arm(timer::heir, state_.who.heir_within);
    const handover_request agreed{step.heir, state_.own.term(), true};
    ask(action::set_control{0, state_.seen().control.with(agreed), state_.seen().control_version});
}

void elector::take(const step::drain&) {
    state_.own.begin_drain();
    state_.out.push(action::drain{state_.own.term()});
    arm(timer::drain, state_.who.drain_within);
}

/// A request that stands in `control` is cleared with it, as soon as something can be asked.
void elector::take(const step::refuse& step) {
    state_.own.forget_handover();
    state_.out.log("handover_refused", {{"reason", step.why.message}});
    state_.out.push(action::refuse{step.why});
    const bool may_ask = state_.session.is_up() && !state_.inquiry.is_open();
    if (may_ask && state_.own.leads() && state_.seen().control.handover) {
        ask(question_to_clear_handover(state_.seen()));
    }
}

void elector::take(const step::finish&) {
    state_.own.stop();
    state_.out.push(action::stopped{});
}

}  // namespace penholder::election
