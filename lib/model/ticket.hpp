#pragma once

#include <compare>
#include <cstdint>

namespace penholder {

/// Names one write between a host and what decides about it, a router or a lane: answers carry the ticket, and only the
/// host knows who waits for it. The host gives tickets in rising order and never twice.
struct ticket {
    std::uint64_t value = 0;
    auto operator<=>(const ticket&) const = default;
};

}  // namespace penholder
