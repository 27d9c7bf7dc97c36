#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace penholder {

/// What a router is told once. The host fills in the first block from the node's and the group's options.
struct router_options {
    std::string node;    ///< Our own name.
    std::string origin;  ///< make_origin(node, incarnation)
    std::size_t max_pending = 8192;
    std::size_t max_pending_bytes = 256 * 1024 * 1024;
    std::size_t max_write_bytes = 15 * 1024 * 1024;  ///< Must leave room for the frame around the write.
    std::chrono::milliseconds default_deadline{5000};
    std::chrono::milliseconds max_deadline{60000};

    std::chrono::milliseconds in_flight_retry{20};  ///< Before asking again for a write that is being applied.
    std::chrono::milliseconds first_retry{10};      ///< Before sending again what was handed back; doubles each time.
    std::chrono::milliseconds longest_retry{250};
    std::chrono::milliseconds grace{250};  ///< Past the deadline, for the lane's or the leader's own precise answer.

    /// How long a write answered `unknown` may be asked for again; well below the time for which the database keeps
    /// what it knows of an origin.
    std::chrono::milliseconds keep_unknown{std::chrono::minutes(10)};
};

}  // namespace penholder
