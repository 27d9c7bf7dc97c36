#include "elector.hpp"

#include "paths.hpp"

#include <algorithm>

namespace penholder::election {
namespace {

std::string text(term of) {
    return std::to_string(of.value);
}

}  // namespace

elector::elector(elector_options options)
    : options_(std::move(options)),
      retries_(options_.retry_first, options_.retry_most, options_.seed),
      fence_backoffs_(options_.fence_backoff_first, options_.fence_backoff_most, options_.seed),
      evictions_left_(options_.most_evictions),
      host_eligible_(options_.eligible) {
    current_.group = options_.group;
}

actions elector::on(const any_event& what) {
    if (stopped_) return {};
    std::visit([this](const auto& each) { handle(each); }, what);
    proceed();
    settle();
    return std::exchange(out_, {});
}

bool elector::eligible() const noexcept {
    return host_eligible_ && !backing_off_ && !options_.observer;
}

std::string elector::leader_since() const {
    return seen_.leader && seen_.leader->record ? seen_.leader->record->since : std::string();
}

void elector::handle(const event::session_up& what) {
    if (!fresh(what.generation)) return;
    generation_ = what.generation;
    if (session_ != what.session) forget_session();
    session_ = what.session;
    connection_ = connection::up;
    asking_ = 0;
    resting_ = false;
    watched_.clear();
    surveyed_ = false;
    need(scope::full);
}

void elector::handle(const event::session_suspended& what) {
    if (!fresh(what.generation) || connection_ == connection::none) return;
    connection_ = connection::suspended;
    confirmed_ = false;
    asking_ = 0;
    resting_ = false;
}

void elector::handle(const event::session_expired& what) {
    if (!fresh(what.generation)) return;
    generation_ = what.generation;
    connection_ = connection::none;
    asking_ = 0;
    resting_ = false;
    forget_session();
}

void elector::handle(const event::leader_changed& what) {
    changed(what.generation, !own_ && (first_ || is_target()) ? scope::full : scope::partial);
}

void elector::handle(const event::control_changed& what) {
    changed(what.generation, scope::partial);
}

void elector::handle(const event::self_changed& what) {
    changed(what.generation, scope::full);
}

void elector::handle(const event::candidate_changed& what) {
    const bool watched = what.znode == watched_;
    if (!watched && !what.znode.starts_with(candidate_prefix(session_))) return;
    if (watched) watched_.clear();
    changed(what.generation, own_ ? scope::partial : scope::full);
}

/// Who leaves, and leads no more, has nothing to learn from a change.
void elector::changed(std::uint64_t generation, scope how_much) {
    if (!fresh(generation) || (stopping_ && !own_)) return;
    resting_ = false;
    need(how_much);
}

void elector::handle(const event::timer_fired& what) {
    if (what.ticket == 0 || timers_[static_cast<int>(what.which)] != what.ticket) return;
    timers_[static_cast<int>(what.which)] = 0;
    switch (what.which) {
        case timer::retry: resting_ = false; break;
        case timer::fence_backoff: backing_off_ = false; break;
        case timer::vacancy: need(scope::full); break;
        case timer::eviction: evictions_left_ = options_.most_evictions; break;
        case timer::heir:
            if (own_) own_->heir_timed_out = std::exchange(own_->heir, {});
            break;
        case timer::drain:
            if (!own_ || !own_->draining || own_->drained) break;
            log_line("drain_timed_out", {{"term", text(own_->term)}});
            own_->drained = true;
            break;
    }
}

void elector::handle(const event::eligibility& what) {
    host_eligible_ = what.eligible;
    if (what.eligible || !own_) return;
    log_line("not_eligible_any_more", {{"term", text(own_->term)}});
    surveyed_ = false;
    step_down();
}

/// A leader that nobody writes through learns here that it was fenced; others learn it from the guard. And a fence that
/// somebody was told of may be gone, where the database is another or an older one now.
void elector::handle(const event::database_term& what) {
    if (mutated(mutation::database_term_ignored)) return;
    if (own_ && what.term > own_->term) return handle(event::fenced{what.term, {}, {}});
    highest_ = std::max(highest_, what.term);
    if (!other_ || !other_->from_fence || what.term >= other_->term) return;
    other_.reset();
    need(scope::full);
}

/// From here on the database takes this node's writes and nobody else's, whatever `leader` says yet.
void elector::handle(const event::fence_raised& what) {
    if (!leads(stage::fencing) || own_->term != what.term) return;
    own_->stage = stage::serving;
    fence_backoffs_.reset();
    fence_failure_.reset();
}

void elector::handle(const event::fence_failed& what) {
    if (!mutated(mutation::database_term_ignored)) highest_ = std::max(highest_, what.seen.value_or(term{}));
    if (!leads(stage::fencing) || own_->term != what.term) return;
    log_line("fence_not_raised", {{"term", text(what.term)}, {"reason", what.why.message}});
    fence_failure_ = what.why;
    step_down();
    backing_off_ = true;
    arm(timer::fence_backoff, fence_backoffs_.next());
}

void elector::handle(const event::fenced& what) {
    highest_ = std::max(highest_, what.by);
    if (own_ && what.by > own_->term) {
        log_line("fenced_off", {{"term", text(own_->term)}, {"by", text(what.by)}});
        step_down();
        need(scope::full);
    }
    if (own_ || (other_ && other_->term > what.by)) return;
    other_.reset();
    if (!what.leader.empty() && what.leader != options_.node) {
        other_ = other_leader{what.by, what.leader, what.endpoint, true, true};
    }
}

void elector::handle(const event::drained& what) {
    if (own_ && own_->draining && own_->term == what.term) own_->drained = true;
}

/// What is known of the group may be old: who acts on a death looks at everything first.
void elector::handle(const event::leader_died& what) {
    if (death_ == what.proof) return;
    death_ = what.proof;
    surveyed_ = false;
}

void elector::handle(const event::leader_heard& what) {
    if (death_ && death_->term <= what.term) death_.reset();
}

void elector::handle(const event::resign&) {
    if (!leads(stage::serving)) {
        return refuse_handover({errc::not_leader, "node " + options_.node + " does not lead group " + options_.group +
                                                      "; ask the leader to resign"});
    }
    resign_ = true;
    surveyed_ = false;
}

void elector::handle(const event::stop&) {
    stopping_ = true;
    resting_ = surveyed_ = false;
}

void elector::arm(timer which, std::chrono::milliseconds delay) {
    timers_[static_cast<int>(which)] = ++tickets_;
    out_.push_back(action::arm{which, tickets_, delay});
}

void elector::rest() {
    resting_ = true;
    arm(timer::retry, retries_.next());
}

void elector::need(scope what) {
    needed_ = std::max(needed_.value_or(what), what);
}

void elector::log_line(std::string_view event, std::vector<action::log::field> fields) {
    out_.push_back(action::log{event, std::move(fields)});
}

void elector::step_down() {
    if (!own_) return;
    last_own_term_ = std::max(last_own_term_, own_->term);
    had_served_ = own_->stage == stage::serving;
    own_.reset();
    resign_ = overwritten_ = false;
}

void elector::forget_session() {
    step_down();
    session_ = 0;
    const auto control = seen_.control;
    seen_ = {};
    seen_.control = control;
    enrolled_ = is_candidate_ = surveyed_ = first_ = false;
    predecessor_.reset();
    watched_.clear();
}

/// Tells the host what has changed. The report comes before everything else that the event led to.
void elector::settle() {
    if (auto changed = now(); changed != current_) {
        current_ = std::move(changed);
        out_.insert(out_.begin(), action::report{current_});
    }
    if (auto what = trouble(); what != reported_trouble_) {
        reported_trouble_ = what;
        out_.push_back(action::trouble{std::move(what)});
    }
}

leadership elector::now() const {
    leadership result{options_.group, own_role(), 0, {}, {}, false};
    if (own_) {
        result.term = own_->term.value;
        result.leader = options_.node;
        result.endpoint = options_.endpoint;
        result.leader_serving = own_->stage == stage::serving;
    } else if (other_) {
        result.term = other_->term.value;
        result.leader = other_->node;
        result.endpoint = other_->endpoint;
        result.leader_serving = other_->serving;
    }
    return result;
}

role elector::own_role() const {
    if (stopped_) return role::offline;
    if (leads(stage::serving)) return confirmed_ ? role::serving : role::suspended;
    if (own_) return role::fencing;
    if (!enrolled_) return role::offline;
    if (options_.observer) return role::observer;
    return is_candidate_ ? role::follower : role::offline;
}

std::optional<error> elector::trouble() const {
    if (stopped_) return std::nullopt;
    if (failure_) return failure_;
    if (backing_off_ || (fence_failure_ && !current_.leader_serving)) return fence_failure_;
    return std::nullopt;
}

}  // namespace penholder::election
