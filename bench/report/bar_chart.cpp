#include "report/bar_chart.hpp"

#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace penholder::bench {
namespace {

constexpr double width = 900;
constexpr double left = 70;
constexpr double top = 40;
constexpr double plot_height = 300;
constexpr double row_height = 18;
constexpr double columns = 4;
std::string short_number(double value) {
    if (value >= 1e6) return fmt::format("{:g}M", value / 1e6);
    return value >= 1e3 ? fmt::format("{:g}k", value / 1e3) : fmt::format("{:g}", value);
}

/// A scale in whole powers of ten around what is shown.
class scale {
public:
    explicit scale(const bar_chart& what) {
        double least = 1e300;
        double most = 1;
        for (const auto& each : what.series) {
            for (const auto value : each.values) {
                if (value <= 0) continue;
                least = std::min(least, value);
                most = std::max(most, value);
            }
        }
        low_ = std::floor(std::log10(std::min(least, most)) - 0.3);
        high_ = std::max(std::ceil(std::log10(most)), low_ + 1);
    }

    double y(double value) const { return top + plot_height * (high_ - std::log10(value)) / (high_ - low_); }
    std::vector<double> marks() const {
        std::vector<double> found;
        for (double power = low_; power <= high_; ++power) found.push_back(std::pow(10, power));
        return found;
    }

private:
    double low_ = 0;
    double high_ = 1;
};

void draw_grid(svg& on, const scale& along) {
    for (const auto mark : along.marks()) {
        const auto y = along.y(mark);
        on.line({left, y}, {width - 10, y}, svg::faint);
        on.text({left - 6, y + 4}, short_number(mark), svg::anchor::end);
    }
}

void draw_bars(svg& on, const bar_chart& what, const scale& along) {
    const double group = (width - left - 10) / static_cast<double>(what.places.size());
    const double bar = std::min(group * 0.9 / static_cast<double>(what.series.size()), 60.0);
    const double used = bar * static_cast<double>(what.series.size());
    for (std::size_t place = 0; place < what.places.size(); ++place) {
        const double middle = left + group * (static_cast<double>(place) + 0.5);
        on.text({middle, top + plot_height + 18}, what.places[place], svg::anchor::middle);
        for (std::size_t at = 0; at < what.series.size(); ++at) {
            const auto value = what.series[at].values[place];
            if (value <= 0) continue;
            on.box({middle - used / 2 + bar * static_cast<double>(at), along.y(value)}, bar - 1,
                   top + plot_height - along.y(value), series_colour(at),
                   fmt::format("{}: {:.0f} {}", what.series[at].name, value, what.unit));
        }
    }
}

void draw_key(svg& on, const bar_chart& what) {
    for (std::size_t at = 0; at < what.series.size(); ++at) {
        const double x = left + std::fmod(static_cast<double>(at), columns) * (width - left) / columns;
        const double y = top + plot_height + 42 + std::floor(static_cast<double>(at) / columns) * row_height;
        on.box({x, y - 9}, 10, 10, series_colour(at));
        on.text({x + 15, y}, what.series[at].name);
    }
}

}  // namespace

std::string to_svg(const bar_chart& what) {
    const scale along(what);
    const double rows = std::ceil(static_cast<double>(what.series.size()) / columns);
    svg made(width, top + plot_height + 42 + rows * row_height);
    made.title({left, 20}, fmt::format("{} ({})", what.title, what.unit));
    draw_grid(made, along);
    draw_bars(made, what, along);
    draw_key(made, what);
    return made.document();
}

}  // namespace penholder::bench
