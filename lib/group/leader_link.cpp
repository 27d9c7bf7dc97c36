#include "leader_link.hpp"

#include <cassert>
#include <utility>

namespace penholder::group {
namespace {

bool same_leader(const link_target& a, const link_target& b) {
    return a.term == b.term && a.leader == b.leader && a.endpoint == b.endpoint;
}

}  // namespace

leader_link::leader_link(std::string group, std::string node, std::chrono::milliseconds patience)
    : group_(std::move(group)), node_(std::move(node)), patience_(patience) {}

link_actions leader_link::follow(const link_target& leader) {
    awaited_ = false;
    return link_to(leader);
}

link_actions leader_link::await(const link_target& leader) {
    awaited_ = true;
    return link_to(leader);
}

link_actions leader_link::link_to(const link_target& leader) {
    assert(leader.leader != node_);
    link_actions out;
    if (target_ && same_leader(*target_, leader)) return out;
    close(out);
    open(leader, out);
    return out;
}

link_actions leader_link::close() {
    link_actions out;
    close(out);
    return out;
}

link_actions leader_link::hurry() {
    const bool waits = target_ && !up_ && target_->patience.count() > 0;
    if (!waits || std::exchange(hurried_, true)) return {};
    return {action::hurry_link{link_}};
}

void leader_link::open(const link_target& leader, link_actions& out) {
    assert(!target_);
    target_ = leader;
    ++link_.value;
    hurried_ = false;
    replaced_since_.reset();
    failures_.emplace(leader.term, leader.leader, leader.endpoint);
    out.push_back(action::open_link{link_, leader});
}

void leader_link::close(link_actions& out) {
    if (!target_) return;
    out.push_back(action::close_link{link_});
    if (std::exchange(up_, false)) out.push_back(leader_unlinked{false});
    target_.reset();
    failures_.reset();
    trouble_.reset();
}

link_actions leader_link::up(link_id which, incarnation life, std::size_t window) {
    if (which != link_ || !target_) return {};
    up_ = true;
    hurried_ = false;
    trouble_.reset();
    target_->leader_life = life;
    failures_->linked(life.text());
    return {leader_linked{link_, *target_, window, std::exchange(awaited_, false)}};
}

link_actions leader_link::lost(link_id which, const wire::link_loss& how, time_point now) {
    if (which != link_ || !target_) return {};
    link_actions out;
    if (up_ || !trouble_) out.push_back(describe(how));
    trouble_ = how.why;
    if (std::exchange(up_, false)) out.push_back(leader_unlinked{true});
    if (auto dead = failures_->on(sign_of(how.how))) out.push_back(leader_dead{std::move(*dead)});
    if (how.how == wire::loss::replaced) replaced(now, out);
    return out;
}

/// The leader lives another life than the one that the link is to. Mostly another term begins soon; but an ensemble
/// that has lost its znodes may give the same term to the same node again, and then the link has to accept that life.
void leader_link::replaced(time_point now, link_actions& out) {
    if (!replaced_since_) replaced_since_ = now;
    if (now - *replaced_since_ < patience_) return;
    auto target = *target_;
    target.leader_life.reset();
    close(out);
    open(target, out);
}

action::log leader_link::describe(const wire::link_loss& how) const {
    return {true,
            "link_lost",
            {{"group", group_},
             {"node", node_},
             {"leader", target_->leader},
             {"term", std::to_string(target_->term.value)},
             {"how", std::string(to_string(how.how))},
             {"reason", how.why.message}}};
}

}  // namespace penholder::group
