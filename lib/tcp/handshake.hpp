#pragma once

#include "connection.hpp"
#include "link.hpp"
#include "listener.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace penholder::tcp {

/// What the follower learned in a handshake that succeeded.
struct greeted {
    std::size_t window = 0;  ///< How many requests the leader takes at once.
    incarnation life;        ///< Which of the leader's lives answered.
};

/// The follower's side: hello, challenge, proof, welcome. Both sides prove that they know the secret, the follower
/// first, so that a stranger gets nothing to guess against.
boost::asio::awaitable<std::variant<greeted, link_loss>> greet_leader(std::shared_ptr<connection> with,
                                                                      const link_target& target,
                                                                      const std::string& secret);

/// What the leader's side asks its owner.
struct greeting_questions {
    std::function<bool(const std::string& group)> knows_group;
    std::function<std::optional<error>()> why_no_link;  ///< Asked last: nothing where there is room for one more.
};

/// A follower that has proven itself, and the welcome that it waits for.
struct proven {
    wire::hello hello;
    wire::welcome welcome;
};

/// The leader's side up to the welcome, which the caller sends when the follower may come in. Or what to say goodbye
/// with.
boost::asio::awaitable<result<proven>> greet_follower(std::shared_ptr<connection> with, const listener_identity& self,
                                                      const link_options& settings, const greeting_questions& ask);

}  // namespace penholder::tcp
