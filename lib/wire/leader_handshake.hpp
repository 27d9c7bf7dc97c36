#pragma once

#include "message.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <cstddef>
#include <string>
#include <variant>

namespace penholder::wire {

/// What the leader's node knows when a message comes.
struct link_admission {
    bool knows_group = false;  ///< It has the group that the hello names.
    std::size_t links = 0;     ///< How many followers are linked to it, in all groups.
};

/// The leader's end of the handshake: it hears the hello of an unauthenticated peer, challenges it, checks its proof,
/// and welcomes it with a proof of its own.
///
/// Messages in, one message or the verdict out; it holds no connection and no time. Its owner, one accepted connection,
/// hands in what arrives one message after the other, and gives up when that takes too long. At `proven` it hands in
/// nothing more, waits for the group to accept links, and sends `welcome()`. After `refused` it takes nothing more and
/// a goodbye is due.
class leader_handshake {
public:
    /// The peer belongs to us. Its requests may be read once it was welcomed.
    struct proven {};

    struct refused {
        error why;
        bool was_proven = false;  ///< It belongs to us, and there is no room for another link.
    };

    /// The message to be sent next, or the verdict.
    using step = std::variant<challenge, proven, refused>;

    /// `fresh` has never been used before: a proof that was recorded and is played back fails by it.
    leader_handshake(const std::string& node, incarnation life, const link_options& settings, const nonce& fresh);

    step on(message from_follower, const link_admission& now);

    /// Only after `proven`.
    wire::welcome welcome() const;

    /// Who the follower says it is, after the challenge; true of a follower that has proven itself.
    const hello& follower() const noexcept { return theirs_; }

private:
    enum class stage { awaiting_hello, awaiting_proof, proven, refused };

    step on_hello(hello from_follower, bool knows_group);
    step on_proof(const proof& from_follower, std::size_t links);
    step refuse(error why, bool was_proven = false);

    std::string secret_;
    std::size_t max_in_flight_;
    std::size_t max_links_;
    challenge mine_;
    hello theirs_;
    stage stage_ = stage::awaiting_hello;
};

}  // namespace penholder::wire
