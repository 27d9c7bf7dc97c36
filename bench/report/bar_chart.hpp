#pragma once

#include <string>
#include <vector>

namespace penholder::bench {

/// What one contender reached at each place of the horizontal axis. 0: nothing there.
struct bar_series {
    std::string name;
    std::vector<double> values;
};

/// Bars grouped by place, on a logarithmic scale, so that contenders a hundred times apart can be compared.
struct bar_chart {
    std::string title;
    std::string unit;
    std::vector<std::string> places;
    std::vector<bar_series> series;
};

/// As an SVG of its own.
std::string to_svg(const bar_chart& what);

}  // namespace penholder::bench
