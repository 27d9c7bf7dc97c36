#include "questions.hpp"

#include "paths.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder::election {
namespace {

void forget_candidate(group_snapshot& seen, std::string_view znode) {
    std::erase_if(seen.candidates, [&](const candidate_seen& each) { return each.znode == znode; });
}

void set_control(group_snapshot& seen, const control_record& now) {
    seen.control = now;
    ++seen.control_version;
}

/// Why the leader before is no more, where it did not go by itself.
std::string evidence(const group_snapshot& seen, const process_death* proof) {
    if (proof != nullptr) return proof->evidence;
    return seen.last_leader_was_evicted_by_operator() ? "an operator evicted it" : "";
}

std::vector<term_record> with_next_term(const group_snapshot& seen, term_record next) {
    auto terms = seen.terms;
    terms.push_back(std::move(next));
    if (terms.size() > terms_kept) terms.erase(terms.begin(), terms.end() - static_cast<std::ptrdiff_t>(terms_kept));
    return terms;
}

/// Nothing where they say so already, or do not show the own term.
std::optional<std::vector<term_record>> terms_with_raise(const group_snapshot& seen, term own,
                                                         const fence_raise& raised) {
    if (raised.term != own || !raised.is_known() || seen.last_term() != own) return std::nullopt;
    auto terms = seen.terms;
    terms.back().raised = to_string(raised);
    return terms == seen.terms ? std::nullopt : std::optional(std::move(terms));
}

/// What operators asked for and this election fulfills is cleared by it: that it takes place in `database`, too.
std::optional<control_record> settled_control(const group_snapshot& seen, const std::string& database) {
    auto settled = seen.control.with({});
    if (settled.adopted_database == database) {
        settled.adopted_database.clear();
        settled.adopted_raise = {};
    }
    return settled == seen.control ? std::nullopt : std::optional(settled);
}

}  // namespace

std::optional<action::removal> removal_of_leader(const group_snapshot& seen, const process_death* proof) {
    if (seen.ownerless_leader) return action::removal{{}, *seen.ownerless_leader, {}, {}, 0};
    if (!seen.leader) return std::nullopt;
    action::removal made{{}, seen.leader->version, {}, {}, 0};
    if (proof != nullptr) {
        made.proof = *proof;
        made.member_version = seen.leader->member_version;
    }
    if (const auto its = seen.candidates_of(seen.leader->owner); !its.empty()) {
        made.candidate = its.front().znode;
        made.candidate_version = its.front().version;
    }
    return made;
}

action::lead question_to_lead(const group_snapshot& seen, const elector_options& who, const contest_entry& by,
                              term next, const process_death* proof) {
    const auto own = seen.candidates_of(by.session);
    assert(!own.empty());
    return {0,
            own.front().znode,
            own.front().version,
            {who.node, who.incarnation, who.endpoint, next, phase::fencing, {}, by.database, by.last_raise},
            with_next_term(seen, {next.value,
                                  who.node,
                                  {},
                                  proof != nullptr ? "takeover" : seen.next_term_begins_by(),
                                  evidence(seen, proof),
                                  by.database,
                                  to_string(by.last_raise)}),
            seen.terms_version,
            seen.control_version,
            settled_control(seen, by.database),
            removal_of_leader(seen, proof)};
}

action::declare_serving question_to_declare(const group_snapshot& seen, const elector_options& who, term own,
                                            const fence_raise& raised) {
    const auto* shown = seen.leader_shown();
    const auto since = shown != nullptr ? shown->since : std::string();
    const auto database = shown != nullptr ? shown->database : std::string();
    return {0,
            {who.node, who.incarnation, who.endpoint, own, phase::serving, since, database, raised},
            seen.leader ? seen.leader->version : -1,
            seen.terms_version,
            terms_with_raise(seen, own, raised)};
}

action::give_up question_to_give_up(const group_snapshot& seen, std::int64_t session, std::string heir, term own) {
    assert(seen.leader);
    const auto* shown = seen.leader_shown();
    const auto candidates = seen.candidates_of(session);
    return {0, seen.control.with(handover_request{std::move(heir), shown != nullptr ? shown->term : own}),
            seen.control_version, seen.leader->version, candidates.empty() ? std::string() : candidates.front().znode};
}

action::set_control question_to_clear_handover(const group_snapshot& seen) {
    return {0, seen.control.with(std::nullopt), seen.control_version};
}

void carried_out(group_snapshot& seen, const action::remove_candidate& asked) {
    forget_candidate(seen, asked.znode);
}

void carried_out(group_snapshot& seen, const action::lead& asked, std::int64_t session) {
    seen.leader = leader_seen{asked.leader, session, 0};
    seen.ownerless_leader.reset();
    seen.terms = asked.terms;
    ++seen.terms_version;
    if (asked.control) set_control(seen, *asked.control);
    if (asked.removed) forget_candidate(seen, asked.removed->candidate);
}

void carried_out(group_snapshot& seen, const action::declare_serving& asked, std::int64_t session) {
    seen.leader = leader_seen{asked.leader, session, asked.version + 1};
    if (!asked.terms) return;
    seen.terms = *asked.terms;
    ++seen.terms_version;
}

void carried_out(group_snapshot& seen, const action::give_up& asked) {
    seen.leader.reset();
    set_control(seen, asked.control);
    forget_candidate(seen, asked.candidate);
}

void carried_out(group_snapshot& seen, const action::set_control& asked) {
    set_control(seen, asked.control);
}

}  // namespace penholder::election
