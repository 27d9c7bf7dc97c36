#include "leader_handshake.hpp"

#include "authority.hpp"
#include "handshake_errors.hpp"

#include <cassert>
#include <utility>

namespace penholder::wire {

leader_handshake::leader_handshake(const std::string& node, incarnation life, const link_options& settings,
                                   const nonce& fresh)
    : secret_(settings.secret),
      max_in_flight_(settings.max_in_flight),
      max_links_(settings.max_links),
      mine_{protocol_version, node, life, fresh, !secret_.empty()} {}

leader_handshake::step leader_handshake::on(message from_follower, const link_admission& now) {
    assert(stage_ == stage::awaiting_hello || stage_ == stage::awaiting_proof);
    if (auto* farewell = std::get_if<goodbye>(&from_follower)) return refuse(std::move(farewell->why));
    if (auto* greeted = std::get_if<hello>(&from_follower); greeted && stage_ == stage::awaiting_hello) {
        return on_hello(std::move(*greeted), now.knows_group);
    }
    if (const auto* proved = std::get_if<proof>(&from_follower); proved && stage_ == stage::awaiting_proof) {
        return on_proof(*proved, now.links);
    }
    return refuse(out_of_order());
}

leader_handshake::step leader_handshake::on_hello(hello from_follower, bool knows_group) {
    if (from_follower.version != protocol_version) return refuse(version_mismatch(from_follower.version));
    if (from_follower.secured != mine_.secured) return refuse(secret_mismatch(from_follower.secured));
    if (!check_name("node", from_follower.node)) {
        return refuse({errc::malformed_frame, "the hello has no valid node name"});
    }
    if (!knows_group) {
        return refuse({errc::group_mismatch,
                       "this node has no group of the name that the peer asks for; give both the same [[group]] "
                       "names"});
    }
    theirs_ = std::move(from_follower);
    stage_ = stage::awaiting_proof;
    return mine_;
}

leader_handshake::step leader_handshake::on_proof(const proof& from_follower, std::size_t links) {
    if (!same_proof(from_follower.value, prove(secret_, side::follower, theirs_, mine_))) {
        return refuse(
            {errc::unauthorized, "the peer's link secret is not this node's; give both the same [link] secret"});
    }
    if (links >= max_links_) {
        return refuse(
            {errc::overloaded, std::to_string(max_links_) + " nodes are linked here already; raise [link] max_links"},
            true);
    }
    stage_ = stage::proven;
    return proven{};
}

leader_handshake::step leader_handshake::refuse(error why, bool was_proven) {
    stage_ = stage::refused;
    return refused{std::move(why), was_proven};
}

welcome leader_handshake::welcome() const {
    assert(stage_ == stage::proven);
    return {prove(secret_, side::leader, theirs_, mine_), static_cast<std::uint32_t>(max_in_flight_)};
}

}  // namespace penholder::wire
