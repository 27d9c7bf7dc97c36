#pragma once

#include "model/ids.hpp"
#include "request.hpp"

#include <penholder/error.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <variant>

namespace penholder::wire {

/// The one version of the link protocol that this release speaks.
inline constexpr std::uint32_t protocol_version = 1;

using nonce = std::array<std::uint8_t, 32>;
using proof_bytes = std::array<std::uint8_t, 32>;

/// Follower to leader, the first frame: who I am and which group I mean.
struct hello {
    std::uint32_t version = protocol_version;
    std::string group;
    std::string node;
    incarnation life;
    wire::nonce nonce{};
    bool secured = false;  ///< The sender has a shared secret and wants it proven.
    friend bool operator==(const hello&, const hello&) = default;
};

/// Leader to follower: who I am; prove that you belong to us.
struct challenge {
    std::uint32_t version = protocol_version;
    std::string node;
    incarnation life;
    wire::nonce nonce{};
    bool secured = false;
    friend bool operator==(const challenge&, const challenge&) = default;
};

/// Follower to leader: here is the proof. All zeros when there is no secret.
struct proof {
    proof_bytes value{};
    friend bool operator==(const proof&, const proof&) = default;
};

/// Leader to follower: my own proof; from now on writes are accepted, this many at once.
struct welcome {
    proof_bytes value{};
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

using message = std::variant<hello, challenge, proof, welcome, request, reply, ping, pong, goodbye>;

}  // namespace penholder::wire
