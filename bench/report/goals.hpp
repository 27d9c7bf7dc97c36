#pragma once

#include "results.hpp"

#include <optional>
#include <string>
#include <vector>

namespace penholder::bench {

/// What Penholder wants to reach, and whether it did in this run.
struct goal {
    std::string what;
    std::string wanted;
    std::optional<double> measured;  ///< Nothing where this run did not measure it.
    std::string unit;
    bool reached = false;
};

std::vector<goal> judge(const results& found);

}  // namespace penholder::bench
