#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace penholder::testing {

/// Loopback TCP ports that nobody listens on, all different, none given out before in this process. They lie below the
/// kernel's range for outgoing connections, so that no client takes one before the server does.
std::vector<std::uint16_t> free_ports(std::size_t count);
std::uint16_t free_port();

}  // namespace penholder::testing
