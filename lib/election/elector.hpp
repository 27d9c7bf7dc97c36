#pragma once

#include "action.hpp"
#include "elector_state.hpp"
#include "event.hpp"
#include "step.hpp"

#include <penholder/leadership.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace penholder::election {

/// Decides one node's part in the election of one group. Events in, actions out: no socket, clock, thread or lock.
/// Owned by the group's candidacy, which carries out its actions, in their order, before the next event.
///
/// It does not walk through a protocol but compares what it last saw of the group with what ought to be (`next_step`),
/// and asks for the one next change. So a lost reply, a znode that somebody removed and a fresh start are all the same
/// case.
///
/// What always holds: at most one question to the ensemble is open, and after a disconnect its answer is no longer
/// listened to. It serves a term only after `raise_fence` and `fence_raised` for that term. Every event is legal in
/// every state; after `stopped` none has an effect.
class elector {
public:
    explicit elector(elector_options options);

    actions on(const any_event& what);

    const leadership& current() const noexcept { return state_.out.reported(); }
    const control_record& control() const noexcept { return state_.seen().control; }
    /// It could lead; for all that is known its candidate znode is there.
    bool eligible() const noexcept { return state_.eligible() && !state_.session.is_overdue(); }
    std::string leader_since() const { return state_.leader_since(); }  ///< Empty when unknown.
    std::uint64_t evictions() const noexcept { return state_.evictions.done(); }
    /// So long this node can wait, for the sake of those who may have to act, until it follows a new leader; 0 where it
    /// may have to act itself, and in small groups.
    std::chrono::milliseconds patience() const { return state_.patience(); }
    /// Whether nobody else is to lead after whoever leads now.
    bool is_next() const { return state_.is_next(); }
    /// It knows that there is news of the leader and leaves the ensemble to those who need them at once.
    bool puts_off_news() const { return state_.timers.is_armed(timer::news); }
    /// Its database is the group's, as far as can be known.
    bool takes_part() const noexcept { return state_.database.takes_part(); }

private:
    void handle(const event::session_up& what);
    void handle(const event::session_suspended& what);
    void handle(const event::session_overdue& what);
    void handle(const event::session_expired& what);
    void handle(const event::leader_changed& what);
    void handle(const event::control_changed& what);
    void handle(const event::self_changed& what);
    void handle(const event::candidate_changed& what);
    void handle(const event::snapshot_read& what);
    void handle(const event::answered& what);
    void handle(const event::timer_fired& what);
    void handle(const event::eligibility& what);
    void handle(const event::database_found& what);
    void handle(const event::database_term& what);
    void handle(const event::fence_raised& what);
    void handle(const event::fence_failed& what);
    void handle(const event::fenced& what);
    void handle(const event::drained& what);
    void handle(const event::leader_died& what);
    void handle(const event::leader_heard& what);
    void handle(const event::unreached& what);
    void handle(const event::reached& what);
    void handle(const event::leader_wanted& what);
    void handle(const event::resign& what);
    void handle(const event::retire& what);
    void handle(const event::stop& what);
    void changed(std::uint64_t generation, scope how_much);
    void put_off_news(std::chrono::milliseconds most);
    void read_news();

    void proceed();
    void mind_turn();
    void stand_as_before();
    void take(const any_step& step);
    void take(const step::none&) {}
    void take(const step::read& step);
    void take(const step::ask& step);
    void take(const step::wait_for_name& step);
    void take(const step::arm_vacancy& step);
    void take(const step::look_again& step);
    void take(const step::contest& step);
    void take(const step::raise_fence& step);
    void take(const step::step_down& step);
    void take(const step::stay&) { state_.own.set_unreached(false); }
    void take(const step::wait_for_heir& step);
    void take(const step::name_heir& step);
    void take(const step::drain& step);
    void take(const step::refuse& step);
    void take(const step::finish& step);

    template <class Question>
    void ask(Question question) {
        state_.out.push(state_.inquiry.open(std::move(question)));
    }
    void arm(timer which, std::chrono::milliseconds delay) { state_.out.push(state_.timers.arm(which, delay)); }

    elector_state state_;
};

}  // namespace penholder::election
