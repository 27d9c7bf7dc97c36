#pragma once

#include "model/ids.hpp"
#include "request.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace penholder::wire {

/// The one version of the link protocol that this release speaks.
inline constexpr std::uint32_t protocol_version = 2;

/// Follower to leader, the first frame: who I am and which group I mean.
struct hello {
    std::uint32_t version = protocol_version;
    std::string group;
    std::string node;
    incarnation life;
    friend bool operator==(const hello&, const hello&) = default;
};

/// Leader to follower: who I am.
struct introduction {
    std::uint32_t version = protocol_version;
    std::string node;
    incarnation life;
    friend bool operator==(const introduction&, const introduction&) = default;
};

/// Leader to follower: from now on writes are accepted, this many at once.
struct welcome {
    std::uint32_t max_in_flight = 0;
    friend bool operator==(const welcome&, const welcome&) = default;
};

/// Answered with a pong of the same number.
struct ping {
    std::uint64_t number = 0;
    friend bool operator==(const ping&, const ping&) = default;
};

struct pong {
    std::uint64_t number = 0;
    friend bool operator==(const pong&, const pong&) = default;
};

/// Why the sender is about to close the connection.
struct goodbye {
    error why;
    friend bool operator==(const goodbye&, const goodbye&) = default;
};

using message = std::variant<hello, introduction, welcome, request, reply, ping, pong, goodbye>;

}  // namespace penholder::wire
