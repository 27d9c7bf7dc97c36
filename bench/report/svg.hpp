#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penholder::bench {

/// What one contender reached at each place of the horizontal axis. 0: nothing there.
struct plot_line {
    std::string name;
    std::vector<double> values;
};

/// One plot: bars grouped by place, on a logarithmic scale, so that contenders a hundred times apart can be compared.
struct plot {
    std::string title;
    std::string unit;
    std::vector<std::string> places;
    std::vector<plot_line> lines;
};

/// As an SVG of its own, readable on light and dark ground.
std::string to_svg(const plot& what);

}  // namespace penholder::bench
