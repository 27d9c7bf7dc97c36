#pragma once

#include <string>
#include <vector>

namespace penholder::bench {

/// The pauses of one kind of departure, in milliseconds, in the order in which they were measured.
struct pauses {
    std::string kind;
    std::vector<double> ms;
};

/// Quantiles and a histogram for people, on stdout.
void print(const pauses& of);

/// The cumulative distributions of all kinds, on a logarithmic scale, as SVG in `file`.
void plot(const std::string& file, const std::vector<pauses>& all);

}  // namespace penholder::bench
