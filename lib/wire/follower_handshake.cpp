#include "follower_handshake.hpp"

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

follower_handshake::follower_handshake(link_target target)
    : target_(std::move(target)), mine_{protocol_version, target_.group, target_.node, target_.life} {}

follower_handshake::step follower_handshake::on(message from_leader) {
    assert(stage_ != stage::over);
    const auto now = std::exchange(stage_, stage::over);
    if (auto* farewell = std::get_if<goodbye>(&from_leader)) {
        auto loss = loss_by_goodbye(std::move(farewell->why));
        loss.met = met();
        return loss;
    }
    if (const auto* said = std::get_if<introduction>(&from_leader); said && now == stage::awaiting_introduction) {
        return on_introduction(*said);
    }
    if (const auto* welcomed = std::get_if<welcome>(&from_leader); welcomed && now == stage::awaiting_welcome) {
        return admitted{std::max<std::size_t>(welcomed->max_in_flight, 1), *met_};
    }
    return lost(loss::protocol, out_of_order(), met());
}

follower_handshake::step follower_handshake::on_introduction(const introduction& from_leader) {
    if (auto refused = judge(from_leader)) return std::move(*refused);
    met_ = from_leader.life;
    stage_ = stage::awaiting_welcome;
    return waits{};
}

std::optional<link_loss> follower_handshake::judge(const introduction& from_leader) const {
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
    return std::nullopt;
}

}  // namespace penholder::wire
