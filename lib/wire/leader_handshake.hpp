#pragma once

#include "message.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::wire {

/// What the leader's node knows when the hello comes.
struct link_admission {
    bool knows_group = false;  ///< It has the group that the hello names.
    std::size_t links = 0;     ///< How many followers are linked to it, in all groups.
    std::optional<std::vector<std::string>>
        peer_names{};  ///< Whom the peer's certificate names, where it has shown one.
};

/// The leader's end of the handshake: it hears the hello of a peer that has proven itself by what protects the
/// connection, introduces its node, and welcomes the follower when its group accepts links.
///
/// A message in, the verdict out; it holds no connection and no time. Its owner, one accepted connection, hands in the
/// first message, gives up when that takes too long, sends the introduction, waits for the group to accept links, and
/// sends `welcome()`. After `refused` a goodbye is due.
class leader_handshake {
public:
    struct refused {
        error why;
        bool for_room = false;  ///< The peer is welcome, and there is no room for another link.
    };

    using step = std::variant<introduction, refused>;

    leader_handshake(std::string node, incarnation life, const link_options& settings);

    /// Called once.
    step on(message first, const link_admission& now);

    wire::welcome welcome() const { return {static_cast<std::uint32_t>(max_in_flight_)}; }

    /// Who the follower is, after the introduction.
    const hello& follower() const noexcept { return theirs_; }

private:
    std::optional<error> judge(const hello& from_follower, const link_admission& now) const;

    std::size_t max_in_flight_;
    std::size_t max_links_;
    introduction mine_;
    hello theirs_;
};

}  // namespace penholder::wire
