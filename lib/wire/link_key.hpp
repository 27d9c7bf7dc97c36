#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::wire {

/// What both ends of one link make of the secret that they share: the pre-shared key of its TLS and the name under
/// which the follower offers it. The endpoint that the follower dials is part of both, so a key is worth nothing at
/// another node, nor at the follower itself.
struct link_key {
    std::string
        identity;  ///< Travels in the open: tells the endpoint and which secret it is, and nothing of the secret.
    std::array<std::uint8_t, 32> key{};
    friend bool operator==(const link_key&, const link_key&) = default;
};

/// By HKDF with SHA-256 (RFC 5869). `endpoint` is "host:port", as the node that listens there publishes it.
link_key make_link_key(std::string_view secret, std::string_view endpoint);

/// The endpoint that an identity was made for; nothing where it is none of ours. Told by the peer: for messages only.
std::optional<std::string_view> dialled_endpoint(std::string_view identity) noexcept;

}  // namespace penholder::wire
