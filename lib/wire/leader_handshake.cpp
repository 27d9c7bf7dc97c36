#include "leader_handshake.hpp"

#include "handshake_errors.hpp"

#include <utility>

namespace penholder::wire {

leader_handshake::leader_handshake(std::string node, incarnation life, const link_options& settings)
    : max_in_flight_(settings.max_in_flight),
      max_links_(settings.max_links),
      mine_{protocol_version, std::move(node), life} {}

leader_handshake::step leader_handshake::on(message first, const link_admission& now) {
    if (auto* farewell = std::get_if<goodbye>(&first)) return refused{std::move(farewell->why)};
    auto* const greeted = std::get_if<hello>(&first);
    if (greeted == nullptr) return refused{out_of_order()};
    if (auto why = judge(*greeted, now)) return refused{std::move(*why)};
    if (now.links >= max_links_) {
        return refused{
            {errc::overloaded, std::to_string(max_links_) + " nodes are linked here already; raise [link] max_links"},
            true};
    }
    theirs_ = std::move(*greeted);
    return mine_;
}

std::optional<error> leader_handshake::judge(const hello& from_follower, const link_admission& now) const {
    if (from_follower.version != protocol_version) return version_mismatch(from_follower.version);
    if (!check_name("node", from_follower.node)) {
        return error{errc::malformed_frame, "the hello has no valid node name"};
    }
    if (now.peer_names && !is_named(*now.peer_names, from_follower.node)) {
        return other_name(*now.peer_names, from_follower.node);
    }
    if (!now.knows_group) {
        return error{errc::group_mismatch,
                     "this node has no group of the name that the peer asks for; give both the same [[group]] names"};
    }
    return std::nullopt;
}

}  // namespace penholder::wire
