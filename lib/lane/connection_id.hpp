#pragma once

#include <compare>

namespace penholder::lane {

/// One of the connections that write under a term: 0 is the lane, the others are sessions. It is also the fence's slot
/// that the connection's transactions lock.
struct connection_id {
    int value = 0;

    bool is_lane() const noexcept { return value == 0; }
    friend auto operator<=>(const connection_id&, const connection_id&) = default;
};

}  // namespace penholder::lane
