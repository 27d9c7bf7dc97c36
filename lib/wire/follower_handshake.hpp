#pragma once

#include "link_loss.hpp"
#include "link_target.hpp"
#include "message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace penholder::wire {

/// What a follower has learned when its leader let it in.
struct admitted {
    std::size_t window = 0;  ///< How many writes the leader takes at once; at least 1.
    incarnation life;        ///< Which of the leader's incarnations answered.
    friend bool operator==(const admitted&, const admitted&) = default;
};

/// The follower's end of the handshake: it says hello, is challenged, proves that it knows the secret, and is welcomed
/// by a proof of the leader's. The follower proves first, so that whoever listens at the leader's address without
/// knowing the secret is told apart before it hears a request.
///
/// Messages in, one message or the verdict out; it holds no connection and no time. Its owner, one attempt at a link,
/// sends `first()`, hands in what arrives one message after the other, and gives up when that takes too long. After a
/// verdict (`admitted`, `link_loss`) it takes no more.
class follower_handshake {
public:
    /// The message to be sent next, or the verdict.
    using step = std::variant<proof, admitted, link_loss>;

    /// `fresh` has never been used before: a conversation that was recorded and is played back fails by it. An empty
    /// secret is none.
    follower_handshake(link_target target, std::string secret, const nonce& fresh);

    const hello& first() const noexcept { return mine_; }

    step on(message from_leader);

    /// Which incarnation has answered as the expected node; for the loss of a connection in the middle of it.
    std::optional<incarnation> met() const noexcept;

private:
    enum class stage { awaiting_challenge, awaiting_welcome, over };

    step on_challenge(challenge from_leader);
    step on_welcome(const welcome& from_leader);
    std::optional<link_loss> judge(const challenge& from_leader) const;

    link_target target_;
    std::string secret_;
    hello mine_;
    std::optional<challenge> theirs_;  ///< Once it was accepted.
    stage stage_ = stage::awaiting_challenge;
};

}  // namespace penholder::wire
