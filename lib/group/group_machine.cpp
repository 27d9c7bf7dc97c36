#include "group_machine.hpp"

#include "sql/advice.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <string>
#include <utility>

namespace penholder::group {
namespace {

link_target leader_of(const leadership& from, std::chrono::milliseconds patience) {
    return {term{from.term}, from.leader, from.endpoint, std::nullopt, patience};
}

/// Who waits for a leader in vain is told what keeps this node from being it, where its database does.
actions with_why_nobody_leads(actions out, const std::optional<error>& trouble) {
    for (auto& one : out) {
        if (!trouble) break;
        auto* answer = std::get_if<action::answer_write>(&one);
        if (answer == nullptr || !answer->what.why || answer->what.why->code != errc::no_leader) continue;
        answer->what.why->message += "; this node cannot lead: " + trouble->message;
        answer->what.why->sqlstate = trouble->sqlstate;
        answer->what.why->hint = sql::server_advice(trouble->sqlstate);
    }
    return out;
}

}  // namespace

group_machine::group_machine(machine_options options, time_point now)
    : options_(std::move(options)),
      candidacy_(to_candidacy_options(options_)),
      link_(options_.group.name, options_.self.node, std::chrono::milliseconds(options_.link.silence_timeout_ms)),
      followers_(options_.self, options_.group.name, reach_patience(options_)),
      monitor_(options_.group.name, options_.self.node),
      writes_(to_router_options(options_), options_.group.name, options_.has_database(), now),
      waits_(options_.group.name),
      changes_(options_.group.name, options_.self.node) {
    now_.group = options_.group.name;
}

/// What one part makes the elector think is told to it when the parts have taken in what came before.
actions group_machine::on(any_event what, const instant& now) {
    at_ = now;
    std::visit([this](auto& one) { take(std::move(one)); }, what);
    const bool leader_wanted = writes_.pending() > 0 || waits_.are_any();
    if (leader_wanted && candidacy_.puts_off_news()) tell_elector(election::event::leader_wanted{});
    if (leader_wanted) follow_up_each(link_.hurry());
    for (std::size_t next = 0; next < for_elector_.size(); ++next) {
        const auto told = std::move(for_elector_[next]);
        follow_up_each(candidacy_.on(told, at_));
        answer(waits_.review(now_, candidacy_.control().handover));
    }
    for_elector_.clear();
    if (stage_ == stage::left && writes_.pending() == 0) close();
    return with_why_nobody_leads(std::exchange(out_, {}), monitor_.trouble());
}

std::optional<time_point> group_machine::next_deadline() const {
    if (stage_ == stage::stopped) return std::nullopt;
    std::optional<time_point> first;
    for (const auto& each : {candidacy_.next_deadline(), monitor_.next_deadline(), followers_.next_deadline(),
                             writes_.next_deadline(), waits_.next_deadline()}) {
        if (each && (!first || *each < *first)) first = each;
    }
    return first;
}

// From beginning to end.

void group_machine::take(event::start) {
    if (options_.has_database() && !options_.group.observer) follow_up_each(monitor_.start());
}

void group_machine::take(event::stop) {
    if (stage_ != stage::running) return;
    stage_ = stage::stopping;
    follow_up_each(writes_.refuse_new(at_.steady));
    tell_elector(election::event::stop{});
}

void group_machine::take(event::close) {
    if (stage_ != stage::stopped) close();
}

void group_machine::take(event::time_passed) {
    if (stage_ < stage::left) follow_up_each(candidacy_.time_passed(at_));
    follow_up_each(monitor_.time_passed(at_.steady));
    follow_up_each(followers_.time_passed(at_.steady));
    follow_up_each(writes_.time_passed(at_.steady));
    answer(waits_.review(now_, candidacy_.control().handover));
    answer(waits_.time_passed(at_.steady));
}

void group_machine::close() {
    if (stage_ != stage::left) follow_up(election_left{});
    stage_ = stage::stopped;
    monitor_.stop();
    follow_up_each(term_.end());
    follow_up_each(writes_.give_up(at_.steady));
    follow_up_each(link_.close());
    for_elector_.clear();
    out_.push_back(action::stopped{});
}

error group_machine::leaving() const {
    return {errc::shutting_down, "node " + options_.self.node + " is stopping; ask another node"};
}

// The election.

void group_machine::take(event::ensemble what) {
    tell_elector(std::move(what.what));
}

void group_machine::take(event::znode_changed what) {
    if (stage_ >= stage::left) return;
    follow_up_each(candidacy_.znode_changed(what, at_));
    answer(waits_.review(now_, candidacy_.control().handover));
}

void group_machine::tell_elector(election::any_event what) {
    if (stage_ < stage::left) for_elector_.push_back(std::move(what));
}

void group_machine::follow_up(leadership_changed what) {
    const auto before = std::exchange(now_, std::move(what.now));
    if (before.is_leader() && !now_.is_leader()) end_leading();
    changes_.leadership_changed(before, now_, at_.steady);
    follow_up_each(followers_.serves(options_.has_database() && now_.role == role::serving, at_.steady));
    if (now_.is_leader()) {
        begin_leading();
    } else if (now_.leader_serving && now_.leader != options_.self.node) {
        follow(leader_of(now_, candidacy_.patience()));
    } else {
        wait_for(now_);
    }
    if (before.role == role::fencing && now_.role != role::fencing) out_.push_back(action::accept_links{});
    out_.push_back(action::report{now_});
}

void group_machine::follow_up(elected what) {
    end_leading();
    changes_.elected(at_.steady);
    if (!options_.has_database()) return tell_elector(election::event::fence_raised{what.term});
    follow_up_each(term_.begin(what.term));
}

void group_machine::follow_up(drain_wanted what) {
    if (!options_.has_database() || now_.term != what.term.value) {
        return tell_elector(election::event::drained{what.term});
    }
    follow_up_each(writes_.wait_for_leader(at_.steady));
    follow_up_each(term_.drain());
}

void group_machine::follow_up(handover_refused what) {
    answer(waits_.refuse(what.why));
}

void group_machine::follow_up(election_left) {
    stage_ = stage::left;
    out_.push_back(action::leave_ensemble{});
    answer(waits_.refuse(leaving()));
}

// Own leadership.

void group_machine::begin_leading() {
    if (!options_.has_database()) return tell_change({});
    const auto lane = term_.lane();
    if (!lane) return;
    follow_up_each(link_.close());
    follow_up_each(writes_.lead(term{now_.term}, *lane, at_.steady));
}

void group_machine::end_leading() {
    if (!options_.has_database()) return;
    tell_change({});
    writes_.lane_gone();
    if (term_.lane()) follow_up_each(monitor_.lane_closed());
    follow_up_each(term_.step_down());
}

void group_machine::follow_up(fence_held what) {
    changes_.fenced(at_.steady);
    tell_elector(election::event::fence_raised{what.term, what.at});
}

void group_machine::follow_up(fence_refused what) {
    tell_elector(election::event::fence_failed{what.term, std::move(what.why), what.seen});
}

void group_machine::follow_up(term_drained what) {
    tell_elector(election::event::drained{what.term});
}

void group_machine::take(event::lane_opened what) {
    if (!owns(what.lane)) return;
    follow_up_each(monitor_.lane_opened());
    if (what.raised.is_known()) tell_elector(election::event::fence_raised{what.raised.term, what.raised.at});
}

void group_machine::take(event::lane_first_commit what) {
    if (owns(what.lane)) tell_change(at_.steady);
}

void group_machine::take(event::lane_lost what) {
    if (owns(what.lane)) monitor_.lane_lost(std::move(what.why), at_.steady);
}

/// Somebody else leads, and the database is the first to tell.
void group_machine::take(event::lane_fenced what) {
    if (!owns(what.lane)) return;
    action::log fenced{true, "fenced", {{"group", options_.group.name}, {"node", options_.self.node}}};
    fenced.fields.insert(fenced.fields.end(), {{"by", what.by.leader}, {"term", std::to_string(what.by.term.value)}});
    out_.push_back(std::move(fenced));
    tell_elector(election::event::fenced{what.by.term, std::move(what.by.leader), std::move(what.by.endpoint)});
}

void group_machine::tell_change(std::optional<time_point> first_write) {
    if (auto line = changes_.finished({now_.term}, first_write)) out_.push_back(std::move(*line));
}

// Another's leadership, and the link to it.

void group_machine::follow(const link_target& leader) {
    if (!options_.has_database() || stage_ == stage::stopped || !candidacy_.takes_part()) return;
    follow_up_each(link_.follow(leader));
    follow_up_each(writes_.follow(leader, at_.steady));
}

/// Nobody serves. Whoever was elected, elsewhere, is linked to already, so that its welcome is the first to tell.
void group_machine::wait_for(const leadership& next) {
    link_.expect_nobody();
    if (!candidacy_.takes_part()) follow_up_each(link_.close());
    follow_up_each(writes_.wait_for_leader(at_.steady));
    const bool somebody_else = !next.leader.empty() && next.leader != options_.self.node;
    if (somebody_else && options_.has_database()) follow_up_each(link_.await(leader_of(next, candidacy_.patience())));
}

void group_machine::take(event::link_up what) {
    follow_up_each(link_.up(what.link, what.life, what.window));
}

void group_machine::take(event::link_lost what) {
    follow_up_each(link_.lost(what.link, what.how, at_.steady));
}

void group_machine::follow_up(leader_linked what) {
    changes_.linked();
    tell_elector(election::event::leader_heard{what.leader.term});
    if (what.was_awaited) follow_up_each(writes_.follow(what.leader, at_.steady));
    follow_up_each(writes_.link_up(what.link, what.leader.term, what.window, at_.steady));
}

/// All writes are held from the moment on that the link is down, whether or not the leader is proven dead.
void group_machine::follow_up(leader_unlinked what) {
    if (what.broke) changes_.link_broke(at_.steady);
    if (candidacy_.is_next()) out_.push_back(action::prepare_to_lead{});
    follow_up_each(writes_.link_down(at_.steady));
}

/// Whoever is next in succession evicts that leader; everybody else waits for it.
void group_machine::follow_up(leader_dead what) {
    auto line = changes_.process_died(what.proof);
    if (!line) return;
    out_.push_back(std::move(*line));
    tell_elector(election::event::leader_died{std::move(what.proof)});
}

/// The database or another node knows of a newer leader than the ensemble shows us; perhaps we cannot see that.
void group_machine::follow_up(leader_hinted what) {
    const auto& hint = what.hint;
    if (hint.term.value <= now_.term || hint.endpoint.empty() || hint.node == options_.self.node) return;
    follow({hint.term, hint.node, hint.endpoint, std::nullopt, candidacy_.patience()});
}

// The database's health.

void group_machine::follow_up(fence_seen what) {
    tell_elector(election::event::database_term{what.term});
}

void group_machine::follow_up(database_identified what) {
    tell_elector(election::event::database_found{std::move(what.identity)});
}

// Writes, receipts, handovers.

void group_machine::take(event::handover what) {
    if (stage_ >= stage::left) return answer({{what.from, leaving()}});
    waits_.wait(what.from, at_.steady + what.within);
    // The heir leads already: its own term is the one to wait for, and nobody need be asked.
    if (!what.heir.empty() && what.heir == now_.leader) {
        return take(event::handover_requested{what.from, term{now_.term - 1}});
    }
    out_.push_back(action::request_handover{what.from, std::move(what.heir)});
}

void group_machine::take(event::handover_requested what) {
    answer(waits_.requested(what.from, what.from_term));
    answer(waits_.review(now_, candidacy_.control().handover));
}

void group_machine::take(event::resign what) {
    if (stage_ >= stage::left) return answer({{what.from, leaving()}});
    waits_.wait(what.from, at_.steady + what.within);
    answer(waits_.requested(what.from, term{now_.term}));
    tell_elector(election::event::resign{});
}

void group_machine::answer(handover_waits::answers told) {
    for (auto& one : told) out_.push_back(std::move(one));
}

group_status group_machine::status() const {
    group_status status;
    status.now = now_;
    candidacy_.tell(status);
    status.leader_changes = changes_.changes();
    status.process_deaths = changes_.process_deaths();
    status.database_connected = monitor_.is_connected();
    status.link_connected = now_.is_leader() || link_.is_up();
    status.pending_writes = writes_.pending();
    status.counters = writes_.counters();
    if (const auto what = trouble()) status.trouble = what->message;
    return status;
}

std::optional<error> group_machine::trouble() const {
    if (candidacy_.trouble()) return candidacy_.trouble();
    if (monitor_.trouble()) return monitor_.trouble();
    return now_.is_leader() ? followers_.trouble() : link_.trouble();
}

}  // namespace penholder::group
