#pragma once

#include "ground.hpp"

#include <string>
#include <vector>

namespace penholder::bench {

/// The rounds of one contender.
struct contender {
    std::string name;
    std::vector<run_result> rounds;

    double median_rate() const;
    double spread() const;              ///< (highest - lowest) / median of the rates: the machine's noise.
    double latency_us(double q) const;  ///< Quantile over all rounds; 0 where none was measured.
    bool correct() const;
};

double quantile(std::vector<double> values, double q);

/// A table for people on stdout.
void print(const std::vector<contender>& contenders, const std::vector<double>& pauses,
           const std::vector<footprint>& idle);

/// The same as JSON in `file`.
void save(const std::string& file, const std::vector<contender>& contenders, const std::vector<double>& pauses,
          const std::vector<footprint>& idle);

}  // namespace penholder::bench
