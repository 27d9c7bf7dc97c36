#pragma once

#include <penholder/error.hpp>

#include <cstdint>

namespace penholder::wire {

/// What either end of a handshake tells the other when it does not fit.

/// protocol_mismatch: the peer speaks another version than this release.
error version_mismatch(std::uint32_t theirs);

/// unauthorized: one end has a secret and the other has none.
error secret_mismatch(bool theirs);

/// protocol_mismatch: a message came that is not the handshake's next.
error out_of_order();

}  // namespace penholder::wire
