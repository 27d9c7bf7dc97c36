#include "candidacy.hpp"

#include "base/timestamp.hpp"
#include "election/records.hpp"

#include <algorithm>
#include <utility>

namespace penholder::group {
namespace {

using step = znode_step::kind;

election::elector_options to_elector_options(const candidacy_options& from) {
    election::elector_options options;
    options.group = from.group;
    options.node = from.self.node;
    options.incarnation = from.self.incarnation;
    options.endpoint = from.self.endpoint;
    options.binding = from.self.binding;
    options.priority = from.priority;
    options.observer = from.self.role_wanted == "observer";
    options.eligible = !from.has_database;
    options.session_timeout = from.session_timeout;
    options.looks_at_database = from.has_database && !options.observer;
    options.seed = from.life.value;
    options.most_evictions = from.max_evictions;
    options.evictions_within = from.evictions_within;
    return options;
}

znode_step create(std::string path, std::string data, znode_step::mode how = znode_step::mode::ephemeral) {
    return {step::create, std::move(path), std::move(data), -1, how};
}
znode_step set(std::string path, std::string data, std::int32_t version) {
    return {step::set, std::move(path), std::move(data), version, {}};
}
znode_step remove(std::string path, std::int32_t version = -1) {
    return {step::remove, std::move(path), {}, version, {}};
}
znode_step check(std::string path, std::int32_t version) {
    return {step::check, std::move(path), {}, version, {}};
}

}  // namespace

candidacy::candidacy(candidacy_options options)
    : options_(std::move(options)), paths_(options_.root, options_.group), elector_(to_elector_options(options_)) {}

candidacy_actions candidacy::on(const election::any_event& what, const instant& now) {
    if (const auto* up = std::get_if<election::event::session_up>(&what)) session_ = up->session;
    return translate(elector_.on(what), now);
}

candidacy_actions candidacy::znode_changed(const event::znode_changed& what, const instant& now) {
    namespace happened = election::event;
    if (what.path == paths_.leader) return on(happened::leader_changed{what.generation}, now);
    if (what.path == paths_.control) return on(happened::control_changed{what.generation}, now);
    if (what.path == paths_.member(options_.self.node)) return on(happened::self_changed{what.generation}, now);
    const auto candidates = paths_.candidate("");
    if (!what.path.starts_with(candidates)) return {};
    return on(happened::candidate_changed{what.generation, what.path.substr(candidates.size())}, now);
}

candidacy_actions candidacy::time_passed(const instant& now) {
    candidacy_actions out;
    for (std::size_t which = 0; which < timers_.size(); ++which) {
        auto& timer = timers_[which];
        if (!timer || timer->due > now.steady) continue;
        const auto fired = std::exchange(timer, std::nullopt);
        std::ranges::move(on(election::event::timer_fired{static_cast<election::timer>(which), fired->ticket}, now),
                          std::back_inserter(out));
    }
    return out;
}

std::optional<time_point> candidacy::next_deadline() const {
    std::optional<time_point> first;
    for (const auto& timer : timers_) {
        if (timer && (!first || timer->due < *first)) first = timer->due;
    }
    return first;
}

/// Of its own leadership a node knows before it has seen `leader` again.
void candidacy::tell(group_status& of) const {
    of.leader_since = elector_.leader_since();
    const bool own = elector_.current().leader == options_.self.node;
    if (of.leader_since.empty() && own) of.leader_since = elected_since_;
    of.eligible = elector_.eligible() && elector_.current().role != role::offline;
    of.paused = elector_.control().paused;
    of.evictions = elector_.evictions();
}

candidacy_actions candidacy::translate(election::actions todo, const instant& now) {
    now_ = now;
    candidacy_actions out;
    out.reserve(todo.size());
    for (const auto& one : todo) std::visit([&](const auto& what) { translate(what, out); }, one);
    return out;
}

// Questions to the ensemble.

void candidacy::translate(const election::action::read& asked, candidacy_actions& out) {
    out.push_back(action::read_group{asked.ticket, asked.scope});
}

void candidacy::translate(const election::action::create_parents& asked, candidacy_actions& out) {
    out.push_back(action::create_znodes{asked.ticket, paths_.persistent()});
}

void candidacy::translate(const election::action::enroll& asked, candidacy_actions& out) {
    const auto path = paths_.member(options_.self.node);
    options_.self.database = asked.database;
    std::vector<znode_step> steps;
    if (asked.replaced_version) steps.push_back(remove(path, *asked.replaced_version));
    for (const auto& each : asked.replaced_candidates) steps.push_back(remove(paths_.candidate(each)));
    steps.push_back(create(path, election::encode(options_.self)));
    out.push_back(action::change_znodes{asked.ticket, std::move(steps)});
}

void candidacy::translate(const election::action::create_candidate& asked, candidacy_actions& out) {
    const auto path = paths_.candidate(election::candidate_prefix(session_, asked.record.priority));
    out.push_back(action::change_znodes{
        asked.ticket, {create(path, election::encode(asked.record), znode_step::mode::ephemeral_sequential)}});
}

void candidacy::translate(const election::action::set_candidate& asked, candidacy_actions& out) {
    out.push_back(action::change_znodes{
        asked.ticket, {set(paths_.candidate(asked.znode), election::encode(asked.record), asked.version)}});
}

void candidacy::translate(const election::action::remove_candidate& asked, candidacy_actions& out) {
    out.push_back(action::change_znodes{asked.ticket, {remove(paths_.candidate(asked.znode))}});
}

void candidacy::translate(const election::action::watch_candidate& asked, candidacy_actions& out) {
    const auto name = election::parse_candidate_name(asked.znode);
    const auto owner = name ? name->session : 0;
    out.push_back(action::watch_znode{asked.ticket, paths_.candidate(asked.znode), asked.version, owner});
}

std::vector<znode_step> candidacy::removal(const election::action::removal& leader) const {
    std::vector<znode_step> steps{remove(paths_.leader, leader.leader_version)};
    if (leader.proof && leader.member_version) {
        steps.push_back(remove(paths_.member(leader.proof->node), *leader.member_version));
    }
    if (!leader.candidate.empty()) {
        steps.push_back(remove(paths_.candidate(leader.candidate), leader.candidate_version));
    }
    return steps;
}

void candidacy::translate(const election::action::lead& asked, candidacy_actions& out) {
    elected_since_ = timestamp(now_.wall);
    auto leader = asked.leader;
    auto terms = asked.terms;
    leader.since = terms.back().since = elected_since_;
    std::vector<znode_step> steps;
    if (asked.removed) steps = removal(*asked.removed);
    steps.push_back(asked.control ? set(paths_.control, election::encode(*asked.control), asked.control_version)
                                  : check(paths_.control, asked.control_version));
    steps.push_back(check(paths_.candidate(asked.candidate), asked.candidate_version));
    steps.push_back(create(paths_.leader, election::encode(leader)));
    steps.push_back(set(paths_.terms, election::encode(terms), asked.terms_version));
    out.push_back(action::change_znodes{asked.ticket, std::move(steps)});
}

void candidacy::translate(const election::action::declare_serving& asked, candidacy_actions& out) {
    auto leader = asked.leader;
    if (leader.since.empty()) leader.since = elected_since_;
    out.push_back(
        action::change_znodes{asked.ticket,
                              {asked.terms ? set(paths_.terms, election::encode(*asked.terms), asked.terms_version)
                                           : check(paths_.terms, asked.terms_version),
                               set(paths_.leader, election::encode(leader), asked.version)}});
}

void candidacy::translate(const election::action::give_up& asked, candidacy_actions& out) {
    // Watches fire in this order; the heir has to hear of the vacancy first.
    std::vector<znode_step> steps{remove(paths_.leader, asked.leader_version),
                                  set(paths_.control, election::encode(asked.control), asked.control_version)};
    if (!asked.candidate.empty()) steps.push_back(remove(paths_.candidate(asked.candidate)));
    out.push_back(action::change_znodes{asked.ticket, std::move(steps)});
}

void candidacy::translate(const election::action::set_control& asked, candidacy_actions& out) {
    out.push_back(
        action::change_znodes{asked.ticket, {set(paths_.control, election::encode(asked.control), asked.version)}});
}

void candidacy::translate(const election::action::withdraw& asked, candidacy_actions& out) {
    out.push_back(action::change_znodes{asked.ticket, {remove(paths_.member(options_.self.node))}});
}

// To the host.

void candidacy::translate(const election::action::report& what, candidacy_actions& out) {
    const auto& now = what.now;
    auto told = line("leadership", {{"role", std::string(to_string(now.role))},
                                    {"term", std::to_string(now.term)},
                                    {"leader", now.leader},
                                    {"serving", now.leader_serving ? "true" : "false"}});
    told.warning = false;
    out.push_back(std::move(told));
    out.push_back(leadership_changed{now});
}

void candidacy::translate(const election::action::raise_fence& what, candidacy_actions& out) {
    out.push_back(elected{what.term});
}

void candidacy::translate(const election::action::drain& what, candidacy_actions& out) {
    out.push_back(drain_wanted{what.term});
}

void candidacy::translate(const election::action::refuse& what, candidacy_actions& out) {
    out.push_back(handover_refused{what.why});
}

void candidacy::translate(const election::action::database_known& what, candidacy_actions& out) {
    out.push_back(action::expect_database{what.which});
}

void candidacy::translate(const election::action::trouble& what, candidacy_actions& out) {
    trouble_ = what.what;
    if (trouble_) out.push_back(line("trouble", {{"reason", trouble_->message}}));
}

void candidacy::translate(const election::action::log& what, candidacy_actions& out) {
    out.push_back(line(what.event, what.fields));
}

void candidacy::translate(const election::action::arm& what, candidacy_actions&) {
    timers_.at(static_cast<std::size_t>(what.which)) = armed{now_.steady + what.delay, what.ticket};
}

void candidacy::translate(const election::action::stopped&, candidacy_actions& out) {
    timers_.fill(std::nullopt);
    out.push_back(election_left{});
}

action::log candidacy::line(std::string_view event, std::vector<action::log::field> fields) const {
    action::log made{true, event, {{"group", options_.group}, {"node", options_.self.node}}};
    std::ranges::move(fields, std::back_inserter(made.fields));
    return made;
}

}  // namespace penholder::group
