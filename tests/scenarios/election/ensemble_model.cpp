#include "ensemble_model.hpp"

#include "election/candidate_survey.hpp"
#include "election/paths.hpp"

#include <utility>

namespace penholder::scenario {

using election::ensemble_reply;
namespace action = election::action;
namespace event = election::event;

std::string node_of(const std::string& name) {
    return name.substr(0, name.find('\''));
}

election::any_event ensemble_model::carry_out(const std::string& name, const std::string& incarnation,
                                              std::int64_t session, const election::any_action& question) {
    const asker who{name, node_of(name), incarnation, session};
    return std::visit(
        [&](const auto& asked) -> election::any_event {
            using question_type = std::decay_t<decltype(asked)>;
            if constexpr (std::is_same_v<question_type, action::read>) {
                return event::snapshot_read{asked.ticket, read(who, asked.scope)};
            } else if constexpr (requires { asked.ticket; }) {
                return event::answered{asked.ticket, take(who, asked), {}};
            } else {
                return event::answered{};
            }
        },
        question);
}

election::group_snapshot ensemble_model::read(const asker& who, election::scope scope) {
    election::group_snapshot seen;
    seen.scope = scope;
    seen.group_exists = exists_;
    if (leader_) seen.found_leader("leader", *leader_);
    seen.control = control_;
    seen.control_version = control_version_;
    auto& watches = watches_[who.name];
    watches.insert({spot::leader, {}});
    if (exists_) watches.insert({spot::control, {}});
    if (scope == election::scope::partial) return seen;
    watches.insert({spot::self, who.node});
    seen.terms = terms_;
    seen.terms_version = terms_version_;
    if (const auto self = members_.find(who.node); self != members_.end()) {
        seen.found_self("members/" + who.node, who.node,
                        {self->second.owner, self->second.incarnation, self->second.database});
    }
    const auto* shown = seen.leader_shown();
    const auto its = shown != nullptr ? members_.find(shown->node) : members_.end();
    if (its != members_.end() && its->second.owner == leader_->owner) seen.leader->member_version = 0;
    read_candidates(who, seen);
    return seen;
}

void ensemble_model::read_candidates(const asker& who, election::group_snapshot& into) {
    std::vector<std::string> all;
    for (const auto& [name, each] : candidates_) all.push_back(name);
    election::candidate_survey survey(all, who.session, into);
    for (auto names = survey.next(); !names.empty(); names = survey.next()) {
        for (const auto& name : names) {
            const auto& each = candidates_.at(name);
            survey.read(name, each.seen.record, election::is_owned_candidate(name, each.owner));
            into.found_candidate("candidates/" + name, each.seen, each.owner);
            if (each.owner == who.session) watches_[who.name].insert({spot::candidate, name});
            ++candidates_read_;
        }
    }
    survey.complete(into);
}

ensemble_reply ensemble_model::take(const asker&, const action::read&) {
    return ensemble_reply::failed;
}

ensemble_reply ensemble_model::take(const asker&, const action::create_parents&) {
    exists_ = true;
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker& who, const action::enroll& question) {
    if (!exists_) return ensemble_reply::no_node;
    if (question.replaced_version && members_.erase(who.node) == 0) return ensemble_reply::no_node;
    const ephemeral made{who.session, who.incarnation, question.database};
    if (!members_.try_emplace(who.node, made).second) return ensemble_reply::exists;
    fire(spot::self, who.node);
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker& who, const action::create_candidate& question) {
    if (!exists_) return ensemble_reply::no_node;
    char sequence[16];
    std::snprintf(sequence, sizeof sequence, "%010d", sequence_);
    sequence_ = static_cast<std::int32_t>(static_cast<std::uint32_t>(sequence_) + 1);
    const auto name = election::candidate_prefix(who.session, question.record.priority) + sequence;
    candidates_[name] = {who.session, {name, question.record, 0}};
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker&, const action::set_candidate& question) {
    const auto found = candidates_.find(question.znode);
    if (found == candidates_.end()) return ensemble_reply::no_node;
    if (found->second.seen.version != question.version) return ensemble_reply::bad_version;
    found->second.seen.record = question.record;
    ++found->second.seen.version;
    fire(spot::candidate, question.znode);
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker&, const action::remove_candidate& question) {
    if (!candidates_.contains(question.znode)) return ensemble_reply::no_node;
    remove_candidate(question.znode);
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker& who, const action::watch_candidate& question) {
    const auto found = candidates_.find(question.znode);
    if (found == candidates_.end()) return ensemble_reply::no_node;
    watches_[who.name].insert({spot::candidate, question.znode});
    return found->second.seen.version == question.version ? ensemble_reply::done : ensemble_reply::bad_version;
}

ensemble_reply ensemble_model::take(const asker& who, const action::lead& question) {
    const auto own = candidates_.find(question.candidate);
    if (own == candidates_.end()) return ensemble_reply::no_node;
    if (own->second.seen.version != question.candidate_version) return ensemble_reply::bad_version;
    if (question.removed && !can_remove(*question.removed)) return ensemble_reply::bad_version;
    if (leader_ && !question.removed) return ensemble_reply::exists;
    if (terms_version_ != question.terms_version || control_version_ != question.control_version) {
        return ensemble_reply::bad_version;
    }
    if (question.removed) remove(*question.removed);
    if (question.control) set_control(*question.control);
    leader_ = election::leader_seen{question.leader, who.session, 0};
    terms_ = question.terms;
    ++terms_version_;
    fire(spot::leader);
    return ensemble_reply::done;
}

bool ensemble_model::can_remove(const action::removal& leader) const {
    if (!leader_ || leader_->version != leader.leader_version) return false;
    if (leader.member_version && !members_.contains(leader.proof->node)) return false;
    const auto its = candidates_.find(leader.candidate);
    return leader.candidate.empty() ||
           (its != candidates_.end() && its->second.seen.version == leader.candidate_version);
}

void ensemble_model::remove(const action::removal& leader) {
    leader_.reset();
    if (leader.member_version && members_.erase(leader.proof->node) > 0) fire(spot::self, leader.proof->node);
    if (!leader.candidate.empty()) remove_candidate(leader.candidate);
}

ensemble_reply ensemble_model::take(const asker&, const action::declare_serving& question) {
    if (!leader_) return ensemble_reply::no_node;
    if (leader_->version != question.version || terms_version_ != question.terms_version)
        return ensemble_reply::bad_version;
    leader_->record = question.leader;
    ++leader_->version;
    if (question.terms) {
        terms_ = *question.terms;
        ++terms_version_;
    }
    fire(spot::leader);
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker&, const action::give_up& question) {
    if (!exists_ || !leader_) return ensemble_reply::no_node;
    if (control_version_ != question.control_version || leader_->version != question.leader_version) {
        return ensemble_reply::bad_version;
    }
    if (!question.candidate.empty() && !candidates_.contains(question.candidate)) return ensemble_reply::no_node;
    leader_.reset();
    fire(spot::leader);
    set_control(question.control);
    if (!question.candidate.empty()) remove_candidate(question.candidate);
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker&, const action::set_control& question) {
    if (!exists_) return ensemble_reply::no_node;
    if (control_version_ != question.version) return ensemble_reply::bad_version;
    set_control(question.control);
    return ensemble_reply::done;
}

ensemble_reply ensemble_model::take(const asker& who, const action::withdraw&) {
    if (members_.erase(who.node) == 0) return ensemble_reply::no_node;
    fire(spot::self, who.node);
    return ensemble_reply::done;
}

void ensemble_model::end_session(std::int64_t session) {
    std::vector<std::string> gone;
    for (const auto& [name, each] : members_) {
        if (each.owner == session) gone.push_back(name);
    }
    for (const auto& name : gone) {
        members_.erase(name);
        fire(spot::self, name);
    }
    if (leader_ && leader_->owner == session) remove_leader();
    gone.clear();
    for (const auto& [name, each] : candidates_) {
        if (each.owner == session) gone.push_back(name);
    }
    for (const auto& name : gone) remove_candidate(name);
}

void ensemble_model::forget_watches(const std::string& name) {
    watches_.erase(name);
}

void ensemble_model::set_control(election::control_record wanted) {
    control_ = std::move(wanted);
    ++control_version_;
    fire(spot::control);
}

void ensemble_model::remove_everything() {
    exists_ = false;
    const auto members = std::exchange(members_, {});
    for (const auto& [name, each] : members) fire(spot::self, name);
    const auto candidates = std::exchange(candidates_, {});
    for (const auto& [name, each] : candidates) fire(spot::candidate, name);
    if (leader_) remove_leader();
    control_ = {};
    control_version_ = 0;
    fire(spot::control);
    forget_terms();
}

void ensemble_model::forget_terms() {
    terms_.clear();
    terms_version_ = 0;
}

void ensemble_model::remove_leader() {
    leader_.reset();
    fire(spot::leader);
}

void ensemble_model::overwrite_leader() {
    leader_->record.reset();
    ++leader_->version;
    fire(spot::leader);
}

void ensemble_model::orphan_leader() {
    if (!leader_) return;
    leader_->owner = 0;
    leader_->version = 0;
    fire(spot::leader);
}

void ensemble_model::orphan_member(const std::string& node) {
    members_[node].owner = 0;
    fire(spot::self, node);
}

void ensemble_model::orphan_candidate(const std::string& node) {
    for (auto& [name, each] : candidates_) {
        if (each.seen.record.node != node) continue;
        each.owner = 0;
        fire(spot::candidate, name);
    }
}

void ensemble_model::remove_candidate(const std::string& znode) {
    candidates_.erase(znode);
    fire(spot::candidate, znode);
}

void ensemble_model::fire(spot where, const std::string& what) {
    for (auto& [name, watches] : watches_) {
        if (watches.erase({where, what}) == 0) continue;
        switch (where) {
            case spot::leader: fired_.push_back({name, event::leader_changed{}}); break;
            case spot::control: fired_.push_back({name, event::control_changed{}}); break;
            case spot::self: fired_.push_back({name, event::self_changed{}}); break;
            case spot::candidate: fired_.push_back({name, event::candidate_changed{0, what}}); break;
        }
    }
}

}  // namespace penholder::scenario
