// What the elector asks of the ensemble, one znode operation or transaction each.
#include "base/timestamp.hpp"
#include "election_driver_core.hpp"
#include "zookeeper/snapshot_reader.hpp"

#include <utility>

namespace penholder {
namespace {

using election::ensemble_reply;
using zookeeper::create_mode;
using zookeeper::operation;

ensemble_reply to_reply(zookeeper::reason why) {
    switch (why) {
        case zookeeper::reason::no_node: return ensemble_reply::no_node;
        case zookeeper::reason::node_exists: return ensemble_reply::exists;
        case zookeeper::reason::bad_version: return ensemble_reply::bad_version;
        case zookeeper::reason::connection_loss:
        case zookeeper::reason::session_expired: return ensemble_reply::lost;
        default: return ensemble_reply::failed;
    }
}

member to_member(const election_driver_options& from) {
    return {from.node,    from.life.text(), from.endpoint, from.http_endpoint, from.observer ? "observer" : "candidate",
            from.version, from.started_at,  from.settings};
}

}  // namespace

void election_driver_core::answered(election::ticket ticket, const zookeeper::failure& why) {
    on(election::event::answered{ticket, to_reply(why.why), why.to_error().message});
}

template <class T>
std::function<void(zookeeper::reply<T>)> election_driver_core::answer_to(election::ticket ticket) {
    return [weak = weak_from_this(), ticket](const zookeeper::reply<T>& reply) {
        const auto self = weak.lock();
        if (!self) return;
        if (!reply) return self->answered(ticket, reply.error());
        self->on(election::event::answered{ticket, ensemble_reply::done, {}});
    };
}

void election_driver_core::carry_out(const election::action::read& asked) {
    zookeeper::read_snapshot(
        session_, weak_from_this(), paths_, options_.node, asked.scope,
        [weak = weak_from_this(), ticket = asked.ticket](zookeeper::reply<election::group_snapshot> seen) {
            const auto self = weak.lock();
            if (!self) return;
            if (!seen) return self->answered(ticket, seen.error());
            self->on(election::event::snapshot_read{ticket, std::move(*seen)});
        });
}

void election_driver_core::carry_out(const election::action::create_parents& asked) {
    session_.create_parents(paths_.persistent(), answer_to<void>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::enroll& asked) {
    session_.create(paths_.member(options_.node), election::encode(to_member(options_)), create_mode::ephemeral,
                    answer_to<std::string>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::create_candidate& asked) {
    session_.create(paths_.candidate(election::candidate_prefix(session_.id())), encode(asked.record),
                    create_mode::ephemeral_sequential, answer_to<std::string>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::set_candidate& asked) {
    session_.set(paths_.candidate(asked.znode), encode(asked.record), asked.version,
                 answer_to<zookeeper::stat>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::remove_candidate& asked) {
    session_.remove(paths_.candidate(asked.znode), -1, answer_to<void>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::watch_candidate& asked) {
    const auto path = paths_.candidate(asked.znode);
    session_.get(path, true, [weak = weak_from_this(), asked, path](const zookeeper::reply<zookeeper::znode>& read) {
        const auto self = weak.lock();
        if (!self) return;
        if (!read) return self->answered(asked.ticket, read.error());
        const bool same = read->stat.version == asked.version;
        self->on(
            election::event::answered{asked.ticket, same ? ensemble_reply::done : ensemble_reply::bad_version, {}});
    });
}

std::vector<operation> election_driver_core::steps_of(const election::action::removal& leader) const {
    std::vector<operation> steps{operation::remove(paths_.leader, leader.leader_version)};
    if (leader.proof && leader.member_version) {
        steps.push_back(operation::remove(paths_.member(leader.proof->node), *leader.member_version));
    }
    if (!leader.candidate.empty()) {
        steps.push_back(operation::remove(paths_.candidate(leader.candidate), leader.candidate_version));
    }
    return steps;
}

void election_driver_core::carry_out(const election::action::lead& asked) {
    elected_since_ = timestamp_now();
    auto leader = asked.leader;
    auto terms = asked.terms;
    leader.since = terms.back().since = elected_since_;
    std::vector<operation> steps;
    if (asked.removed) steps = steps_of(*asked.removed);
    steps.push_back(asked.control ? operation::set(paths_.control, encode(*asked.control), asked.control_version)
                                  : operation::check(paths_.control, asked.control_version));
    steps.push_back(operation::check(paths_.candidate(asked.candidate), asked.candidate_version));
    steps.push_back(operation::create(paths_.leader, election::encode(leader), create_mode::ephemeral));
    steps.push_back(operation::set(paths_.terms, election::encode(terms), asked.terms_version));
    session_.transact(std::move(steps), answer_to<void>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::declare_serving& asked) {
    auto leader = asked.leader;
    if (leader.since.empty()) leader.since = elected_since_;
    session_.transact({operation::check(paths_.terms, asked.terms_version),
                       operation::set(paths_.leader, election::encode(leader), asked.version)},
                      answer_to<void>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::give_up& asked) {
    // Watches fire in this order; the heir has to hear of the vacancy first.
    std::vector<operation> steps{operation::remove(paths_.leader, asked.leader_version),
                                 operation::set(paths_.control, encode(asked.control), asked.control_version)};
    if (!asked.candidate.empty()) steps.push_back(operation::remove(paths_.candidate(asked.candidate)));
    session_.transact(std::move(steps), answer_to<void>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::set_control& asked) {
    session_.set(paths_.control, encode(asked.control), asked.version, answer_to<zookeeper::stat>(asked.ticket));
}

void election_driver_core::carry_out(const election::action::withdraw& asked) {
    session_.remove(paths_.member(options_.node), -1, answer_to<void>(asked.ticket));
}

}  // namespace penholder
