#pragma once

#include "message.hpp"

#include <string_view>

namespace penholder::wire {

/// Whose proof it is: without the side in it, one side's proof could be played back to it.
enum class side : unsigned char { follower = 1, leader = 2 };

/// 32 bytes from the system's generator; each connection uses new ones.
nonce make_nonce();

/// Shows that one side knows the secret, for this connection only: HMAC-SHA256 over both nonces, the side, the group
/// and both nodes with their incarnations. All zeros where there is no secret.
proof_bytes prove(std::string_view secret, side whose, const hello& from_follower, const challenge& from_leader);

/// In a time that does not depend on where they differ.
bool same_proof(const proof_bytes& one, const proof_bytes& other) noexcept;

}  // namespace penholder::wire
