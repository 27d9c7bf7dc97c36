#include "leader_changes/plot.hpp"

#include "load/histogram.hpp"
#include "report/svg.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

namespace penholder::bench {
namespace {

double quantile_ms(const pauses& of, double q) {
    histogram counted;
    for (const auto ms : of.ms) counted.add(std::chrono::nanoseconds(std::llround(ms * 1e6)));
    return counted.quantile_us(q) / 1000;
}

// The plot: a frame, one decade of milliseconds after the other from left to right, shares from bottom to top.
constexpr double left = 60;
constexpr double top = 20;
constexpr double width = 640;
constexpr double height = 320;
constexpr double legend = 20;
constexpr int decades = 5;  // 1 ms to 100 s

double x_of(double ms) {
    return left + width * std::clamp(std::log10(std::max(ms, 1.0)) / decades, 0.0, 1.0);
}

double y_of(double share) {
    return top + height * (1 - share);
}

void draw_frame(svg& on) {
    for (int decade = 0; decade <= decades; ++decade) {
        const auto ms = std::pow(10, decade);
        on.line({x_of(ms), top}, {x_of(ms), top + height}, svg::faint);
        on.text({x_of(ms), top + height + 16}, fmt::format("{} ms", ms), svg::anchor::middle);
    }
    for (const double share : {0.0, 0.5, 0.9, 1.0}) {
        on.line({left, y_of(share)}, {left + width, y_of(share)}, svg::faint);
        on.text({left - 6, y_of(share) + 4}, fmt::format("{:.0f} %", 100 * share), svg::anchor::end);
    }
}

/// The share of the pauses that are no longer than each.
std::vector<svg::position> steps_of(const pauses& of) {
    auto sorted = of.ms;
    std::ranges::sort(sorted);
    const auto count = static_cast<double>(sorted.size());
    std::vector<svg::position> steps;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        steps.push_back({x_of(sorted[i]), y_of(static_cast<double>(i) / count)});
        steps.push_back({x_of(sorted[i]), y_of(static_cast<double>(i + 1) / count)});
    }
    return steps;
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
               of.ms.size(), quantile_ms(of, 0.5), quantile_ms(of, 0.9), quantile_ms(of, 0.99),
               std::ranges::max(of.ms));
    print_histogram(of.ms);
}

void plot(const std::string& file, const std::vector<pauses>& all) {
    const auto rows = legend * static_cast<double>(all.size());
    svg made(left + width + 44, top + height + 40 + rows);
    draw_frame(made);
    for (std::size_t i = 0; i < all.size(); ++i) {
        made.curve(steps_of(all[i]), series_colour(i));
        made.text({left, top + height + 40 + legend * static_cast<double>(i)},
                  fmt::format("{}: p50 {:.1f} ms, p99 {:.1f} ms, {} runs", all[i].kind, quantile_ms(all[i], 0.5),
                              quantile_ms(all[i], 0.99), all[i].ms.size()),
                  svg::anchor::start, series_colour(i));
    }
    std::ofstream(file) << made.document();
}

}  // namespace penholder::bench
