#include "plots.hpp"

#include "bar_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

namespace penholder::bench {
namespace {

/// What tells a point from the others of its series.
std::string place_of(const point& where, bool several_workloads) {
    auto text = where.shape.rate > 0 ? fmt::format("{:.0f}/s offered", where.shape.rate)
                                     : fmt::format("{} writers", where.shape.writers);
    if (where.shape.keyed) text += ", keyed";
    return several_workloads ? fmt::format("{}, {}", where.what->name(), text) : text;
}

bar_series& series_of(bar_chart& into, const std::string& contender) {
    const auto found = std::ranges::find(into.series, contender, &bar_series::name);
    if (found != into.series.end()) return *found;
    return into.series.emplace_back(bar_series{contender, std::vector<double>(into.places.size(), 0)});
}

bar_chart chart_of(const series_result& what) {
    const bool offered = what.points.front().where.shape.rate > 0;
    const auto first = what.points.front().where.what->name();
    const bool several =
        std::ranges::any_of(what.points, [&](const auto& one) { return one.where.what->name() != first; });
    bar_chart made{what.title, offered ? "p99 latency, µs" : "writes/s", {}, {}};
    for (const auto& one : what.points) made.places.push_back(place_of(one.where, several));
    for (std::size_t place = 0; place < what.points.size(); ++place) {
        for (const auto& one : what.points[place].cells) {
            series_of(made, one.contender).values[place] = offered ? one.latency().quantile_us(0.99) : one.rate();
        }
    }
    return made;
}

}  // namespace

void write_plots(const results& found, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (const auto& one : found.series) {
        if (!one.points.empty()) std::ofstream(folder / (one.name + ".svg")) << to_svg(chart_of(one));
    }
}

}  // namespace penholder::bench
