#include "elector.hpp"
#include "paths.hpp"

#include <algorithm>

namespace penholder::election {

void elector::handle(const event::snapshot_read& what) {
    if (what.ticket == 0 || what.ticket != asking_) return;
    asking_ = 0;
    take_in(what.seen);
    warn(what.seen.warnings);
    check_own_leadership();
    recognise_leader();
    if (what.seen.scope == scope::full || !what.seen.leader) find_place();  // Requests change the succession, too.
    const bool predecessor_leads = other_ && predecessor_ && predecessor_->node == other_->node;
    if (predecessor_leads) need(scope::full);
}

void elector::take_in(const group_snapshot& seen) {
    surveyed_ = seen.scope == scope::full;
    if (surveyed_) {
        seen_ = seen;
        enrolled_ = seen.self && seen.self->owner == session_;
        is_candidate_ = enrolled_ && (is_candidate_ || !own_candidates().empty());
    } else {
        seen_.group_exists = seen.group_exists;
        seen_.leader = seen.leader;
        seen_.control = seen.control;
        seen_.control_version = seen.control_version;
    }
    if (!seen_.terms.empty()) highest_ = std::max(highest_, term{seen_.terms.back().number});
    if (seen_.leader && seen_.leader->record) highest_ = std::max(highest_, seen_.leader->record->term);
}

/// Garbage stays garbage from look to look; it is noted when it is new.
void elector::warn(const std::vector<error>& warnings) {
    for (const auto& each : warnings) {
        if (std::ranges::find(logged_warnings_, each) == logged_warnings_.end())
            log_line("malformed_znode", {{"reason", each.message}});
    }
    if (!warnings.empty()) logged_warnings_ = warnings;
}

/// A leadership whose znode is gone was taken away. One whose znode was overwritten is declared again.
void elector::check_own_leadership() {
    if (!own_) return;
    if (!owns_leader() && mutated(mutation::leadership_kept)) return;
    if (!owns_leader()) {
        if (own_->heir.empty()) log_line("leadership_lost", {{"term", std::to_string(own_->term.value)}});
        if (!surveyed_) need(scope::full);
        return step_down();
    }
    confirmed_ = true;
    const auto& record = seen_.leader->record;
    const bool ours = record && record->term == own_->term;
    overwritten_ = !ours && leads(stage::serving);
}

void elector::recognise_leader() {
    if (!seen_.leader) return other_.reset();
    const auto& record = seen_.leader->record;
    if (owns_leader() || !record) {
        if (!other_ || !other_->from_fence) other_.reset();
        return;
    }
    if (other_ && other_->from_fence && other_->term > record->term) return;
    other_ = other_leader{record->term, record->node, record->endpoint, record->phase == phase::serving, false};
    if (other_->serving) fence_failure_.reset();
}

void elector::find_place() {
    const auto own = own_candidates();
    const auto order = in_succession(contenders(other_ ? other_->node : std::string()), target());
    first_ = !own.empty() && !order.empty() && order.front().znode == own.front().znode;
    predecessor_ = own.empty() ? std::nullopt : just_ahead(order, own.front().znode);
}

void elector::handle(const event::answered& what) {
    if (what.ticket == 0 || what.ticket != asking_) return;
    asking_ = 0;
    if (what.reply != ensemble_reply::done) return failed(what);
    std::visit([this](const auto& question) { done(question); }, asked_);
}

/// Whatever went wrong, what is there is looked at again. A race that was lost is tried again at once, anything else
/// and a second failure in a row after a while.
void elector::failed(const event::answered& what) {
    watched_.clear();
    surveyed_ = false;
    if (std::holds_alternative<action::declare_serving>(asked_)) confirmed_ = false;
    need(scope::full);
    const bool raced = what.reply == ensemble_reply::no_node || what.reply == ensemble_reply::exists ||
                       what.reply == ensemble_reply::bad_version;
    if (raced) take_back_eviction();
    if (!raced) failure_ = error{errc::ensemble_unreachable, what.reason};
    if (stopping_ && !raced) return finish();
    if (raced && retries_.tries() == 0) {
        retries_.next();
        return;
    }
    rest();
}

void elector::done(const action::create_parents&) {
    need(scope::full);
}

void elector::done(const action::enroll&) {
    seen_.self = member_seen{session_, options_.incarnation};
    enrolled_ = true;
    failure_.reset();
}

void elector::done(const action::create_candidate&) {
    is_candidate_ = true;
    need(scope::full);
}

void elector::done(const action::set_candidate&) {
    need(scope::full);
}

void elector::done(const action::remove_candidate& asked) {
    std::erase_if(seen_.candidates, [&](const candidate_seen& each) { return each.znode == asked.znode; });
}

void elector::done(const action::watch_candidate& asked) {
    watched_ = asked.znode;
}

/// Who has changed its mind meanwhile gives up at once what it was just given.
void elector::done(const action::lead& asked) {
    seen_.leader = leader_seen{asked.leader, session_, 0};
    seen_.terms = asked.terms;
    ++seen_.terms_version;
    if (asked.control) {
        seen_.control = *asked.control;
        ++seen_.control_version;
    }
    highest_ = std::max(highest_, asked.leader.term);
    other_.reset();
    if (asked.removed) note_removal(*asked.removed);
    if (stopping_ || !eligible()) return;
    own_ = own_leadership{asked.leader.term};
    confirmed_ = true;
    out_.push_back(action::raise_fence{asked.leader.term});
}

/// What was certainly not carried out is not counted. What was asked for and not answered is: it may have been done.
void elector::take_back_eviction() {
    const auto* asked = std::get_if<action::lead>(&asked_);
    const bool evicts = asked != nullptr && asked->removed && asked->removed->proof;
    if (evicts) evictions_left_ = std::min(evictions_left_ + 1, options_.most_evictions);
}

void elector::note_removal(const action::removal& done) {
    std::erase_if(seen_.candidates, [&](const candidate_seen& each) { return each.znode == done.candidate; });
    if (!done.proof) return;
    ++evictions_;
    death_.reset();
    log_line("leader_evicted", {{"term", std::to_string(done.proof->term.value)},
                                {"leader", done.proof->node},
                                {"incarnation", done.proof->incarnation},
                                {"evidence", done.proof->evidence}});
}

void elector::done(const action::declare_serving& asked) {
    seen_.leader = leader_seen{asked.leader, session_, asked.version + 1};
    overwritten_ = false;
    if (!own_ || own_->term != asked.leader.term) return;
    own_->declared = true;
    confirmed_ = true;
}

void elector::done(const action::give_up& asked) {
    step_down();
    seen_.leader.reset();
    seen_.control = asked.control;
    ++seen_.control_version;
    std::erase_if(seen_.candidates, [&](const candidate_seen& each) { return each.znode == asked.candidate; });
    surveyed_ = false;
}

void elector::done(const action::set_control& asked) {
    seen_.control = asked.control;
    ++seen_.control_version;
    if (own_ && agreed()) own_->heir = asked.control.handover->to;
}

void elector::done(const action::withdraw&) {
    seen_.self.reset();
    enrolled_ = false;
}

}  // namespace penholder::election
