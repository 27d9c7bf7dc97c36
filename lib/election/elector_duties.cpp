#include "elector.hpp"
#include "paths.hpp"

#include <algorithm>

namespace penholder::election {

void elector::proceed() {
    if (stopping_ && connection_ != connection::up) return finish();
    if (connection_ != connection::up || asking_ != 0 || resting_) return;
    next_step();
    const bool at_rest = asking_ == 0 && !resting_;
    if (!at_rest) return;
    retries_.reset();
    failure_.reset();
}

void elector::next_step() {
    const bool undeclared = leads(stage::serving) && (!own_->declared || overwritten_);
    if (undeclared && (needed_ != scope::full || confirmed_)) return declare_serving();
    if (may_lead()) return lead();
    if (needed_) return look();
    if (!seen_.group_exists && !stopping_) return ask(action::create_parents{});
    if (!seen_.self && !stopping_) return ask(action::enroll{});
    if (owns_leader()) return govern();
    if (stopping_) return leave();
    if (!enrolled_) return enroll();
    if (!options_.observer) stand();
}

/// A glance is enough to know whom to follow; who may have to act on what it shows looks at everything at once.
void elector::look() {
    const bool may_lead = !own_ && (!seen_.leader || leader_agreed()) && (first_ || is_target());
    const bool full = needed_ == scope::full || may_lead;
    needed_.reset();
    ask(action::read{0, full ? scope::full : scope::partial});
}

/// The name is another session's: a second node of that name, or an earlier life of this one whose session has not
/// ended yet. The watch on it, or the timer, makes us look again.
void elector::enroll() {
    failure_ = error{errc::name_taken, "another session has enrolled node " + options_.node + " in group " +
                                           options_.group + " (incarnation " + seen_.self->incarnation +
                                           "): if that is an earlier life of this process, wait until its session "
                                           "ends; if not, give one of the two another name"};
    need(scope::full);
    rest();
}

void elector::stand() {
    const auto own = own_candidates();
    const candidate_record wanted{options_.node, options_.priority, eligible()};
    if (own.empty()) return ask(action::create_candidate{0, wanted});
    if (own.size() > 1) return ask(action::remove_candidate{0, own.back().znode});
    if (own.front().record != wanted) {
        return ask(action::set_candidate{0, own.front().znode, wanted, own.front().version});
    }
    const bool may_stand = !seen_.control.paused && eligible();
    if (may_stand && !surveyed_ && (first_ || is_target()) && vacant()) {
        need(scope::full);
        return look();
    }
    follow();
}

/// What the last whole look showed is enough to try, though something may have changed since: the transaction finds
/// out.
bool elector::may_lead() {
    if (stopping_ || !enrolled_ || !surveyed_ || !first_ || !eligible() || seen_.control.paused) return false;
    if (own_ || owns_leader() || !vacant()) return false;
    const auto own = own_candidates();
    return own.size() == 1 && own.front().record == candidate_record{options_.node, options_.priority, true};
}

void elector::follow() {
    if (predecessor_ && watched_ != predecessor_->znode) {
        const auto seen = std::ranges::find(seen_.candidates, predecessor_->znode, &candidate_seen::znode);
        if (seen != seen_.candidates.end()) {
            return ask(action::watch_candidate{0, seen->znode, seen->version});
        }
    }
    const bool waiting = !seen_.leader && timers_[static_cast<int>(timer::vacancy)] == 0;
    if (waiting) arm(timer::vacancy, options_.vacancy_after);
}

void elector::lead() {
    const auto own = own_candidates().front();
    const auto next = mutated(mutation::term_reused) && highest_ > term{} ? highest_ : term{highest_.value + 1};
    auto terms = seen_.terms;
    auto removed = removal();
    const bool evicts = removed && removed->proof;
    terms.push_back({next.value, options_.node, {}, evicts ? "takeover" : began(), evidence()});
    if (terms.size() > terms_kept) terms.erase(terms.begin(), terms.end() - static_cast<std::ptrdiff_t>(terms_kept));
    if (evicts) {
        evictions_left_ -= std::min<std::size_t>(evictions_left_, 1);
        arm(timer::eviction, options_.evictions_within);
    }
    auto settled = seen_.control;
    settled.handover.reset();
    settled.evicted_term = {};
    ask(action::lead{0,
                     own.znode,
                     own.version,
                     {options_.node, options_.incarnation, options_.endpoint, next, phase::fencing, {}},
                     std::move(terms),
                     mutated(mutation::terms_version_ignored) ? -1 : seen_.terms_version,
                     seen_.control_version,
                     settled == seen_.control ? std::nullopt : std::optional(std::move(settled)),
                     std::move(removed)});
}

/// Nobody leads, or whoever does may be followed at once.
bool elector::vacant() {
    return !seen_.leader || leader_agreed() || may_evict();
}

/// The leader has named this node its heir and goes on until its heir takes over.
bool elector::leader_agreed() const {
    if (!seen_.leader || !seen_.leader->record || owns_leader() || !is_target()) return false;
    const bool agreed = seen_.control.handover->agreed || mutated(mutation::agreement_ignored);
    return agreed && seen_.control.handover->from_term == seen_.leader->record->term;
}

/// The process_death is about the very process that `leader` shows.
bool elector::leader_is_dead() const {
    if (!death_ || !seen_.leader || !seen_.leader->record || owns_leader()) return false;
    const auto& record = *seen_.leader->record;
    if (mutated(mutation::process_death_misdirected)) return true;
    return record.term == death_->term && record.node == death_->node && record.incarnation == death_->incarnation;
}

/// A death that may not be acted upon is left to the ensemble, which ends the session in its time.
bool elector::may_evict() {
    if (!leader_is_dead()) return false;
    if (evictions_left_ > 0 || mutated(mutation::evictions_unlimited)) return true;
    if (std::exchange(withheld_, death_->term) != death_->term) {
        log_line("eviction_withheld", {{"term", std::to_string(death_->term.value)},
                                       {"leader", death_->node},
                                       {"evidence", death_->evidence},
                                       {"reason", options_.most_evictions == 0 ? "takeover waits for sessions to end"
                                                                               : "too many evictions lately"}});
    }
    return false;
}

/// What the same transaction removes. All of it belongs to one session, so that none can have been made anew by another
/// without the others, or the terms, having changed too.
std::optional<action::removal> elector::removal() const {
    const bool dead = leader_is_dead() && !leader_agreed();
    if (!dead && !leader_agreed()) return std::nullopt;
    action::removal made{{}, seen_.leader->version, {}, {}, 0};
    if (dead) made.proof = *death_;
    if (dead) made.member_version = seen_.leader->member_version;
    const auto prefix = candidate_prefix(seen_.leader->owner);
    const auto its = std::ranges::find_if(seen_.candidates,
                                          [&](const candidate_seen& each) { return each.znode.starts_with(prefix); });
    if (its == seen_.candidates.end()) return made;
    made.candidate = its->znode;
    made.candidate_version = its->version;
    return made;
}

std::string elector::began() const {
    if (seen_.terms.empty()) return "election";
    const auto& left = seen_.control.handover;
    if (!left || left->from_term.value != seen_.terms.back().number) return "takeover";
    return left->to.empty() ? "election" : "handover";
}

/// Why the leader before is no more, where it did not go by itself.
std::string elector::evidence() const {
    if (leader_is_dead() && !leader_agreed()) return death_->evidence;
    const bool by_operator = !seen_.terms.empty() && seen_.control.evicted_term.value == seen_.terms.back().number;
    return by_operator ? "an operator evicted it" : "";
}

void elector::declare_serving() {
    ask(action::declare_serving{
        0,
        {options_.node, options_.incarnation, options_.endpoint, own_->term, phase::serving, leader_since()},
        seen_.leader ? seen_.leader->version : -1,
        seen_.terms_version});
}

void elector::govern() {
    const auto& record = seen_.leader->record;
    if (!own_ && record && record->term > last_own_term_ && eligible() && !stopping_) {
        own_ = own_leadership{record->term};
        out_.push_back(action::raise_fence{record->term});
        return;
    }
    if (!own_) return give_up();
    if (stopping_ && !leads(stage::serving)) {
        step_down();
        return give_up();
    }
    if (own_->draining) return own_->drained ? give_up() : void();
    if (!leads(stage::serving)) return;
    if (!handover_wanted().empty()) return consider_handover();
    if (seen_.control.handover) {
        ask(action::set_control{0, {seen_.control.paused, std::nullopt}, seen_.control_version});
    }
}

/// A node's name, "*" for the next in succession, or nothing.
std::string elector::handover_wanted() const {
    const auto& request = seen_.control.handover;
    auto named = request && request->from_term == own_->term ? request->to : std::string();
    const bool anybody = resign_ || stopping_;
    return anybody && (named.empty() || named == own_->heir_timed_out) ? "*" : named;
}

/// This leader has named its heir, which may take over at any moment.
bool elector::agreed() const {
    const auto& request = seen_.control.handover;
    return request && request->agreed && request->from_term == own_->term;
}

/// Names the heir and goes on leading until the heir takes over, which it does without a moment between. Who has to go
/// and has no heir finishes what it has begun and gives up.
void elector::consider_handover() {
    if (agreed() && seen_.control.handover->to != own_->heir_timed_out) return wait_for_heir();
    if (seen_.control.paused && stopping_) return begin_drain();
    if (seen_.control.paused) {
        return refuse_handover({errc::paused, "group " + options_.group + " is paused; resume it first"});
    }
    if (!surveyed_) {
        need(scope::full);
        return look();
    }
    const auto wanted = handover_wanted();
    auto heir = choose_heir(wanted);
    if (heir.empty() && stopping_) return begin_drain();
    if (heir.empty()) return refuse_handover(no_heir(wanted));
    resign_ = resign_ || wanted == "*";
    arm(timer::heir, options_.heir_within);
    ask(action::set_control{
        0, {seen_.control.paused, handover_request{std::move(heir), own_->term, true}}, seen_.control_version});
}

/// It was named here, or before a disconnect.
void elector::wait_for_heir() {
    own_->heir = seen_.control.handover->to;
    const bool waiting = timers_[static_cast<int>(timer::heir)] != 0;
    if (!waiting) arm(timer::heir, options_.heir_within);
}

error elector::no_heir(const std::string& wanted) const {
    if (wanted == own_->heir_timed_out) {
        return {errc::refused, "node " + wanted + " did not take over group " + options_.group + " within " +
                                   std::to_string(options_.heir_within.count()) +
                                   " ms, so nothing has changed; see that it runs"};
    }
    return {errc::refused, (wanted == "*" ? "no other node" : "node " + wanted) + " could lead group " +
                               options_.group + " now; see that it runs and reaches its database"};
}

void elector::refuse_handover(error why) {
    resign_ = false;
    if (own_) own_->heir_timed_out.clear();
    log_line("handover_refused", {{"reason", why.message}});
    out_.push_back(action::refuse{std::move(why)});
    const bool wished = own_ && seen_.control.handover && connection_ == connection::up && asking_ == 0;
    if (wished) ask(action::set_control{0, {seen_.control.paused, std::nullopt}, seen_.control_version});
}

void elector::begin_drain() {
    own_->draining = true;
    own_->drained = false;
    out_.push_back(action::drain{own_->term});
    arm(timer::drain, options_.drain_within);
}

/// Names the heir only where this node has served: after a fence that could not be raised nobody hands over anything.
void elector::give_up() {
    const bool served = own_ ? leads(stage::serving) : had_served_;
    if (served && !surveyed_) {
        need(scope::full);
        return look();
    }
    auto heir = served ? choose_heir("*") : std::string();
    const auto& record = seen_.leader->record;
    const auto from = record ? record->term : last_own_term_;
    const auto own = own_candidates();
    ask(action::give_up{0,
                        {seen_.control.paused, handover_request{std::move(heir), from}},
                        seen_.control_version,
                        seen_.leader->version,
                        own.empty() ? std::string() : own.front().znode});
}

void elector::leave() {
    const auto own = own_candidates();
    if (!own.empty()) return ask(action::remove_candidate{0, own.front().znode});
    if (seen_.self && seen_.self->owner == session_) return ask(action::withdraw{});
    finish();
}

void elector::finish() {
    stopped_ = true;
    step_down();
    out_.push_back(action::stopped{});
}

/// The node that the last leader handed over to, or that operators want. What counts is the last term in the ensemble,
/// which all nodes see alike; a database that lost its tail may have shown some of them a higher one.
std::string elector::target() const {
    const auto& request = seen_.control.handover;
    auto last = seen_.terms.empty() ? term{} : term{seen_.terms.back().number};
    if (seen_.leader && seen_.leader->record) last = std::max(last, seen_.leader->record->term);
    return request && request->to != "*" && request->from_term >= last ? request->to : std::string();
}

bool elector::is_target() const {
    return target() == options_.node;
}

std::vector<candidate_seen> elector::own_candidates() const {
    std::vector<candidate_seen> own;
    const auto prefix = candidate_prefix(session_);
    std::ranges::copy_if(seen_.candidates, std::back_inserter(own),
                         [&](const candidate_seen& each) { return each.znode.starts_with(prefix); });
    return own;
}

std::vector<contender> elector::contenders(const std::string& without) const {
    std::vector<contender> all;
    for (const auto& each : seen_.candidates) {
        const auto name = parse_candidate_name(each.znode);
        if (!name || (!without.empty() && each.record.node == without)) continue;
        all.push_back({each.znode, each.record.node, each.record.priority, name->sequence, each.record.eligible});
    }
    return all;
}

/// Empty when `wanted`, or where that is "*" anybody else, cannot lead.
std::string elector::choose_heir(const std::string& wanted) const {
    if (wanted.empty()) return {};
    const bool anybody = wanted == "*";
    auto others = contenders(options_.node);
    std::erase_if(others, [&](const contender& each) { return own_ && each.node == own_->heir_timed_out; });
    const auto order = in_succession(std::move(others), anybody ? std::string() : wanted);
    if (order.empty() || (!anybody && order.front().node != wanted)) return {};
    return order.front().node;
}

}  // namespace penholder::election
