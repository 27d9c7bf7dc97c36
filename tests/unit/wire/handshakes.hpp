#pragma once

#include "wire/follower_handshake.hpp"
#include "wire/leader_handshake.hpp"

#include <string>

namespace penholder::testing {

/// "n1", in its incarnation 1, to "n2", expected in any incarnation.
inline wire::link_target to_n2() {
    return {"orders", "n1", {1}, {5}, "n2", {}, "host:7431"};
}

inline wire::follower_handshake follower() {
    return wire::follower_handshake(to_n2());
}

/// "n2", in its incarnation 2.
inline wire::leader_handshake leader() {
    link_options settings;
    settings.max_in_flight = 100;
    settings.max_links = 3;
    return {"n2", {2}, settings};
}

inline const wire::link_admission welcome_here{true, 0, {}};

inline wire::hello hello_of_n1() {
    return {wire::protocol_version, "orders", "n1", {1}};
}

inline wire::introduction introduction_of_n2() {
    return {wire::protocol_version, "n2", {2}};
}

}  // namespace penholder::testing
