#pragma once

#include <cstddef>

namespace penholder::tcp {

/// The largest frame of an unauthenticated peer: no more than a handshake needs.
inline constexpr std::size_t handshake_frame_bytes = 4 * 1024;

/// How many bytes may wait for a peer to read them.
inline constexpr std::size_t outgoing_bound(std::size_t max_frame_bytes) noexcept {
    return 4 * max_frame_bytes;
}

}  // namespace penholder::tcp
