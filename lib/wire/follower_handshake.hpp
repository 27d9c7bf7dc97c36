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

/// The follower's end of the handshake: it says hello, the leader's node introduces itself, and welcomes it once its
/// group accepts links. That both belong together was proven before the first message, by what protects the
/// connection.
///
/// Messages in, a verdict out; it holds no connection and no time. Its owner, one attempt at a link, sends `first()`,
/// hands in what arrives one message after the other, and gives up when that takes too long. After a verdict
/// (`admitted`, `link_loss`) it takes no more.
class follower_handshake {
public:
    /// The expected node answers; its welcome is to come.
    struct waits {};

    using step = std::variant<waits, admitted, link_loss>;

    explicit follower_handshake(link_target target);

    const hello& first() const noexcept { return mine_; }

    step on(message from_leader);

    /// Which incarnation has answered as the expected node; for the loss of a connection in the middle of it.
    std::optional<incarnation> met() const noexcept { return met_; }

private:
    enum class stage { awaiting_introduction, awaiting_welcome, over };

    step on_introduction(const introduction& from_leader);
    std::optional<link_loss> judge(const introduction& from_leader) const;

    link_target target_;
    hello mine_;
    std::optional<incarnation> met_;
    stage stage_ = stage::awaiting_introduction;
};

}  // namespace penholder::wire
