#pragma once

#include <cstdint>

namespace penholder::tcp {

/// What passed through connections, counted.
struct traffic {
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

}  // namespace penholder::tcp
