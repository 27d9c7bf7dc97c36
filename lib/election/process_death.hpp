#pragma once

#include <cstdint>
#include <string>

namespace penholder::election {

/// Proof that the process which led a term is gone.
struct process_death {
    std::uint64_t term = 0;
    std::string node;
    std::string incarnation;
    std::string evidence;  ///< For the log and the group's history.
    friend bool operator==(const process_death&, const process_death&) = default;
};

}  // namespace penholder::election
