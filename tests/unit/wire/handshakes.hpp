#pragma once

#include "wire/authority.hpp"
#include "wire/follower_handshake.hpp"
#include "wire/leader_handshake.hpp"

#include <string>

namespace penholder::testing {

inline wire::nonce nonce_of(std::uint8_t byte) {
    wire::nonce made{};
    made.fill(byte);
    return made;
}

/// "n1", in its incarnation 1, to "n2", expected in any incarnation.
inline wire::link_target to_n2() {
    return {"orders", "n1", {1}, {5}, "n2", {}, "host:7431"};
}

inline wire::follower_handshake follower(std::string secret = "secret", std::uint8_t fresh = 1) {
    return {to_n2(), std::move(secret), nonce_of(fresh)};
}

/// "n2", in its incarnation 2.
inline wire::leader_handshake leader(std::string secret = "secret", std::uint8_t fresh = 2) {
    link_options settings;
    settings.secret = std::move(secret);
    settings.max_in_flight = 100;
    settings.max_links = 3;
    return {"n2", {2}, settings, nonce_of(fresh)};
}

inline const wire::link_admission welcome_here{true, 0};

/// A leader that knows the secret, played by hand.
inline wire::challenge challenge_of_n2(std::uint8_t fresh = 2) {
    return {wire::protocol_version, "n2", {2}, nonce_of(fresh), true};
}

}  // namespace penholder::testing
