#pragma once

#include "model/ids.hpp"

#include <string>

namespace penholder::election {

/// Proof that the process which led a term is gone.
struct process_death {
    penholder::term term{};
    std::string node;
    std::string incarnation;
    std::string evidence;  ///< For the log and the group's history.
    friend bool operator==(const process_death&, const process_death&) = default;
};

}  // namespace penholder::election
