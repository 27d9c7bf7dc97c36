#include "leader_changes/plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

namespace penholder::bench {
namespace {

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

// The plot: a frame, one decade of milliseconds after the other from left to right, shares from bottom to top.
constexpr double left = 60;
constexpr double top = 20;
constexpr double width = 640;
constexpr double height = 320;
constexpr double legend = 20;
constexpr int decades = 5;  // 1 ms to 100 s
constexpr std::array colours{"#1b6ca8", "#c0392b", "#27864b", "#8e44ad", "#b9770e", "#16807a", "#555555", "#d35400"};

double x_of(double ms) {
    return left + width * std::clamp(std::log10(std::max(ms, 1.0)) / decades, 0.0, 1.0);
}

double y_of(double share) {
    return top + height * (1 - share);
}

std::string frame() {
    std::string svg = fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="#999"/>)", left,
                                  top, width, height);
    for (int decade = 0; decade <= decades; ++decade) {
        const auto ms = std::pow(10, decade);
        svg += fmt::format(R"(<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="#ddd"/>)", x_of(ms), top, top + height);
        svg += fmt::format(R"(<text x="{}" y="{}" text-anchor="middle">{} ms</text>)", x_of(ms), top + height + 16, ms);
    }
    for (const double share : {0.0, 0.5, 0.9, 1.0}) {
        svg += fmt::format(R"(<text x="{}" y="{}" text-anchor="end">{:.0f} %</text>)", left - 6, y_of(share) + 4,
                           100 * share);
    }
    return svg + "\n";
}

std::string curve(const pauses& of, const char* colour) {
    auto sorted = of.ms;
    std::ranges::sort(sorted);
    std::string points;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto count = static_cast<double>(sorted.size());
        points += fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", x_of(sorted[i]), y_of(static_cast<double>(i) / count),
                              x_of(sorted[i]), y_of(static_cast<double>(i + 1) / count));
    }
    return fmt::format(R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>)", points, colour) + "\n";
}

/// Buckets that double, from the one of the smallest pause to the one of the longest.
void print_histogram(const std::vector<double>& ms) {
    const auto bucket_of = [](double value) {
        return static_cast<int>(std::floor(2 * std::log2(std::max(value, 0.5))));
    };
    const auto [least, most] = std::ranges::minmax(ms);
    for (int bucket = bucket_of(least); bucket <= bucket_of(most); ++bucket) {
        const auto count = std::ranges::count_if(ms, [&](double each) { return bucket_of(each) == bucket; });
        fmt::print("  {:>9.1f} ms  {:<50} {}\n", std::exp2(bucket / 2.0),
                   std::string(static_cast<std::size_t>(50 * count / static_cast<std::ptrdiff_t>(ms.size())), '#'),
                   count);
    }
}

}  // namespace

void print(const pauses& of) {
    if (of.ms.empty()) return;
    fmt::print("{:<18} {:>4} runs  p50 {:>8.1f} ms  p90 {:>8.1f} ms  p99 {:>8.1f} ms  longest {:>8.1f} ms\n", of.kind,
               of.ms.size(), quantile(of.ms, 0.5), quantile(of.ms, 0.9), quantile(of.ms, 0.99), quantile(of.ms, 1));
    print_histogram(of.ms);
}

void plot(const std::string& file, const std::vector<pauses>& all) {
    std::ofstream out(file);
    out << fmt::format(
               R"(<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="sans-serif" font-size="12">)",
               left + width + 44, top + height + 40 + legend * static_cast<double>(all.size()))
        << "\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        << frame();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto* colour = colours[i % colours.size()];
        const auto y = top + height + 40 + legend * static_cast<double>(i);
        out << curve(all[i], colour)
            << fmt::format(R"(<text x="{}" y="{}" fill="{}">{}: p50 {:.1f} ms, p99 {:.1f} ms, {} runs</text>)", left, y,
                           colour, all[i].kind, quantile(all[i].ms, 0.5), quantile(all[i].ms, 0.99), all[i].ms.size())
            << "\n";
    }
    out << "</svg>\n";
}

}  // namespace penholder::bench
