#pragma once

#include "load/course.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::bench {

/// What a table of results is about: what is written, how, and how slow the disk is.
struct point {
    workload_pointer what;
    load_shape shape;
    std::chrono::milliseconds commit_delay{0};
    double share_of_limit = 0;  ///< The rate is this share of what Penholder's followers reach; found when it is run.
    bool quick = false;         ///< Part of the short run too.

    std::string title() const;
};

/// One contender at one point, over all rounds.
struct cell {
    std::string contender;
    std::vector<turn> rounds;
    std::map<std::string, double> observed;

    double rate() const;        ///< The median of the rounds.
    double spread() const;      ///< (highest - lowest) / median: how much this machine's figures are to be trusted.
    histogram latency() const;  ///< Over all rounds.
    std::optional<double> session_share() const;  ///< The median of the rounds that know it.
    std::string problem() const;
};

struct point_result {
    point where;
    std::vector<cell> cells;
};

struct series_result {
    std::string name;
    std::string title;
    double commit_us = 0;  ///< What one small commit took.
    std::vector<point_result> points;
};

/// One figure that no table holds.
struct figure {
    std::string name;
    double value = 0;
    std::string unit;
};

/// All that a run of the benchmarks found.
struct results {
    std::vector<std::pair<std::string, std::string>> machine;
    std::vector<series_result> series;
    std::vector<figure> figures;

    /// What is wrong in any cell; empty where all is exact.
    std::vector<std::string> problems() const;

    std::optional<double> value(std::string_view figure) const;
};

double median(std::vector<double> values);

}  // namespace penholder::bench
