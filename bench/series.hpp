#pragma once

#include "report/results.hpp"

#include <string>
#include <vector>

namespace penholder::bench {

/// Points that are measured on the same servers by the same contenders.
struct series {
    std::string name;
    std::string title;
    std::vector<std::string> contenders;
    std::vector<point> points;
};

/// How long to measure.
struct effort {
    int rounds = 3;
    std::chrono::milliseconds length{3000};
    bool quick = false;                   ///< Only the points that are marked so.
    std::vector<std::string> contenders;  ///< Only these; all where it is empty.
};

std::vector<series> all_series();

/// Every contender with every workload, for a moment, so that nothing is measured that does not work.
series everything_once();

/// Every contender in turn, as often as there are rounds, at each point. Says on stderr what it does.
series_result run(const series& what, const effort& how);

}  // namespace penholder::bench
