#include "answers.hpp"

#include "paths.hpp"
#include "questions.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace penholder::election {
namespace {

/// A leadership whose znode is gone was taken away. One whose znode was overwritten is declared again.
void check_own_leadership(elector_state& state) {
    auto& own = state.own;
    if (!own.leads()) return;
    if (state.owns_leader()) {
        const auto* shown = state.seen().leader_shown();
        own.confirm(true);
        if (shown == nullptr || shown->term != own.term()) own.declared(false);
        return;
    }
    const bool handed_over = own.serving() != nullptr && !own.serving()->heir.empty();
    if (!handed_over) state.out.log("leadership_lost", {{"term", std::to_string(own.term().value)}});
    if (!state.group.full_read_stands()) state.group.need(scope::full);
    own.step_down();
}

void look_for_rival(elector_state& state) {
    const auto pause = state.rival.read(state.owns_leader());
    if (!pause) return;
    const auto& known = *state.rival.known();
    state.out.log("rival_leader", {{"term", std::to_string(known.by.value)},
                                   {"leader", known.leader},
                                   {"endpoint", known.endpoint},
                                   {"pause_ms", std::to_string(pause->count())}});
    state.out.push(state.timers.arm(timer::rival, *pause));
    state.out.push(state.timers.arm(timer::peace, rival_leader::peace));
}

void note_eviction(elector_state& state, const process_death& proof) {
    state.evictions.evicted();
    state.death.reset();
    state.out.log("leader_evicted", {{"term", std::to_string(proof.term.value)},
                                     {"leader", proof.node},
                                     {"incarnation", proof.incarnation},
                                     {"evidence", proof.evidence}});
}

/// What it has left is gone, but for `leader`: that goes where its successor takes over.
void note_earlier_life(elector_state& state) {
    auto& seen = state.group.seen();
    const auto left = *seen.self;
    const auto* led = seen.leader_owned_by(left.owner) ? seen.leader_shown() : nullptr;
    std::vector<action::log::field> told{{"incarnation", left.incarnation}};
    if (led != nullptr) told.emplace_back("led_term", std::to_string(led->term.value));
    state.out.log("earlier_life_replaced", std::move(told));
    std::erase_if(seen.candidates, [its = candidate_prefix(left.owner)](const candidate_seen& each) {
        return each.znode.starts_with(its);
    });
    if (led == nullptr) return;
    seen.leader->member_version.reset();
    state.death = process_death{led->term, led->node, led->incarnation, "a new process has bound its address"};
}

void done(elector_state& state, const action::enroll& asked) {
    if (state.earlier_life_is_over()) note_earlier_life(state);
    state.group.enrolled({state.session.id(), state.who.incarnation, asked.database});
    state.inquiry.set_trouble(std::nullopt);
}

void done(elector_state& state, const action::create_candidate&) {
    state.group.became_candidate();
    state.group.need(scope::full);
}

void done(elector_state& state, const action::watch_candidate& asked) {
    state.group.watching(asked.znode);
}

void done(elector_state& state, const action::remove_candidate& asked) {
    carried_out(state.group.seen(), asked);
}

void note_passed_over(elector_state& state, term of) {
    if (state.group.is_first()) return;
    std::string nodes;
    for (const auto& each : state.group.ahead()) nodes += nodes.empty() ? each : "," + each;
    state.out.log("successors_passed_over", {{"term", std::to_string(of.value)}, {"nodes", nodes}});
}

/// A node that has changed its mind meanwhile does not begin its term: it gives up at once what it was just given.
void done(elector_state& state, const action::lead& asked) {
    carried_out(state.group.seen(), asked, state.session.id());
    state.highest = std::max(state.highest, asked.leader.term);
    state.other.forget();
    if (asked.removed && asked.removed->proof) note_eviction(state, *asked.removed->proof);
    note_passed_over(state, asked.leader.term);
    if (!state.stopping && state.eligible()) begin_term(state, asked.leader.term, true);
}

void done(elector_state& state, const action::declare_serving& asked) {
    carried_out(state.group.seen(), asked, state.session.id());
    if (!state.own.leads_term(asked.leader.term)) return;
    state.own.declared(true);
    state.own.confirm(true);
}

void done(elector_state& state, const action::give_up& asked) {
    state.own.step_down();
    carried_out(state.group.seen(), asked);
    state.group.doubt();
}

void done(elector_state& state, const action::set_control& asked) {
    carried_out(state.group.seen(), asked);
    const auto& set = asked.control.handover;
    if (state.own.serves() && set && set->agreed && set->from_term == state.own.term()) state.own.name_heir(set->to);
}

void done(elector_state& state, const action::withdraw&) {
    state.group.withdrew();
}

void done(elector_state& state, const action::create_parents&) {
    state.group.need(scope::full);
}

void done(elector_state& state, const action::set_candidate&) {
    state.group.need(scope::full);
}

/// A read that succeeded comes as a snapshot.
void done(elector_state&, const action::read&) {}

bool is_eviction(const any_question& asked) noexcept {
    const auto* contest = std::get_if<action::lead>(&asked);
    return contest != nullptr && contest->removed && contest->removed->proof;
}

}  // namespace

bool is_lost_race(ensemble_reply reply) noexcept {
    return reply == ensemble_reply::no_node || reply == ensemble_reply::exists || reply == ensemble_reply::bad_version;
}

void take_snapshot(elector_state& state, const group_snapshot& read) {
    const auto session = state.session.id();
    auto& group = state.group;
    group.take_in(read, session);
    state.highest = std::max(state.highest, group.seen().newest_term());
    state.database.shown(group.seen());
    state.out.warn(read.warnings);
    state.out.warn_of_ownerless(read.ownerless);
    check_own_leadership(state);
    look_for_rival(state);
    if (state.other.shown(group.seen(), session)) state.fence_backoff.other_serves();
    const bool place_matters = group.full_read_stands() || !group.seen().leader;  // Requests change it, too.
    const bool follows_earlier_life = state.other.node() == state.who.node;
    if (place_matters) group.find_place(session, follows_earlier_life ? "" : state.other.node());
    if (state.other.now() && group.is_behind(state.other.node())) group.need(scope::full);
}

void take_done(elector_state& state, const any_question& asked) {
    std::visit([&](const auto& question) { done(state, question); }, asked);
}

void take_failure(elector_state& state, const any_question& asked, const event::answered& what) {
    state.group.forget_watch();
    state.group.doubt();
    state.group.need(scope::full);
    if (std::holds_alternative<action::declare_serving>(asked)) state.own.confirm(false);
    if (!is_lost_race(what.reply)) {
        const auto pause = state.inquiry.failed({errc::ensemble_unreachable, what.reason});
        if (!state.stopping) state.out.push(state.timers.arm(timer::retry, pause));
        return;
    }
    if (is_eviction(asked)) state.evictions.give_back();
    if (const auto pause = state.inquiry.lost_race()) state.out.push(state.timers.arm(timer::retry, *pause));
}

void note_withheld_eviction(elector_state& state) {
    if (!state.withholds_eviction() || !state.evictions.withhold(state.death->term)) return;
    state.out.log("eviction_withheld", {{"term", std::to_string(state.death->term.value)},
                                        {"leader", state.death->node},
                                        {"evidence", state.death->evidence},
                                        {"reason", std::string(state.evictions.reason_to_withhold())}});
}

bool leave_to_others(elector_state& state) {
    const auto own = state.own.term();
    if (!state.own.leads() || !(state.database.is_foreign() || state.database.was_moved_since(own))) return false;
    const auto foreign = state.database.trouble(state.who.node, state.who.group);
    state.out.log("foreign_database", {{"term", std::to_string(own.value)},
                                       {"reason", foreign ? foreign->message : "operators have moved the group"}});
    state.own.step_down();
    return true;
}

void begin_term(elector_state& state, term of, bool confirmed) {
    state.own.elected(of, confirmed);
    state.out.push(action::raise_fence{of});
}

}  // namespace penholder::election
