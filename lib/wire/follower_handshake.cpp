#include "follower_handshake.hpp"

#include "authority.hpp"
#include "handshake_errors.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::wire {
namespace {

link_loss lost(loss how, error why, std::optional<incarnation> met = {}) {
    return {how, std::move(why), false, met};
}

}  // namespace

follower_handshake::follower_handshake(link_target target, std::string secret, const nonce& fresh)
    : target_(std::move(target)),
      secret_(std::move(secret)),
      mine_{protocol_version, target_.group, target_.node, target_.life, fresh, !secret_.empty()} {}

follower_handshake::step follower_handshake::on(message from_leader) {
    assert(stage_ != stage::over);
    const auto now = std::exchange(stage_, stage::over);
    if (auto* farewell = std::get_if<goodbye>(&from_leader)) {
        auto loss = loss_by_goodbye(std::move(farewell->why));
        loss.met = met();
        return loss;
    }
    if (auto* challenged = std::get_if<challenge>(&from_leader); challenged && now == stage::awaiting_challenge) {
        return on_challenge(std::move(*challenged));
    }
    if (const auto* welcomed = std::get_if<welcome>(&from_leader); welcomed && now == stage::awaiting_welcome) {
        return on_welcome(*welcomed);
    }
    return lost(loss::protocol, out_of_order(), met());
}

std::optional<incarnation> follower_handshake::met() const noexcept {
    return theirs_ ? std::optional(theirs_->life) : std::nullopt;
}

follower_handshake::step follower_handshake::on_challenge(challenge from_leader) {
    if (auto refused = judge(from_leader)) return std::move(*refused);
    theirs_ = std::move(from_leader);
    stage_ = stage::awaiting_welcome;
    return proof{prove(secret_, side::follower, mine_, *theirs_)};
}

std::optional<link_loss> follower_handshake::judge(const challenge& from_leader) const {
    if (from_leader.version != protocol_version) return lost(loss::protocol, version_mismatch(from_leader.version));
    const auto found = "node '" + from_leader.node + "', incarnation " + from_leader.life.text() + ", answers at " +
                       target_.endpoint + " where '" + target_.leader + "' was expected";
    if (from_leader.node != target_.leader) {
        return lost(loss::protocol,
                    {errc::link_lost, found + "; give each node an address of its own, [link] advertise: a balancer's "
                                              "address leads to any of them"},
                    from_leader.life);
    }
    if (target_.leader_life && *target_.leader_life != from_leader.life) {
        return lost(loss::replaced, {errc::link_lost, found + " in its incarnation " + target_.leader_life->text()},
                    from_leader.life);
    }
    if (from_leader.secured != mine_.secured) return lost(loss::unauthorized, secret_mismatch(from_leader.secured));
    return std::nullopt;
}

follower_handshake::step follower_handshake::on_welcome(const welcome& from_leader) {
    assert(theirs_);
    if (!same_proof(from_leader.value, prove(secret_, side::leader, mine_, *theirs_))) {
        return lost(
            loss::unauthorized,
            {errc::unauthorized, "the peer does not know this node's link secret; give both the same [link] secret"});
    }
    return admitted{std::max<std::size_t>(from_leader.max_in_flight, 1), theirs_->life};
}

}  // namespace penholder::wire
