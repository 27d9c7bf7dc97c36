#include "crowd/picture.hpp"

#include "report/svg.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>

namespace penholder::bench {
namespace {

namespace json = boost::json;

double quantile(std::vector<double> of, double q) {
    if (of.empty()) return 0;
    std::ranges::sort(of);
    const auto place = static_cast<std::size_t>(std::ceil(q * static_cast<double>(of.size())));
    return of[std::clamp<std::size_t>(place, 1, of.size()) - 1];
}

struct curve {
    std::string name;
    std::function<double(const scale_result&)> value;
};

const std::vector<curve> curves{
    {"takeover p50, ms", [](const auto& of) { return quantile(of.pauses_ms, 0.5); }},
    {"takeover p99, ms", [](const auto& of) { return quantile(of.pauses_ms, 0.99); }},
    {"idle nodes follow p99, ms", [](const auto& of) { return quantile(of.followed_ms, 0.99); }},
    {"requests per leader change", [](const auto& of) { return of.requests_per_change; }},
    {"requests per join", [](const auto& of) { return of.requests_per_join; }},
    {"KiB per node", [](const auto& of) { return of.kib_per_node; }},
};

constexpr double left = 60;
constexpr double top = 20;
constexpr double width = 640;
constexpr double height = 360;
constexpr double legend = 20;
constexpr int decades_across = 3;  // 1 to 1,000 nodes
constexpr int decades_up = 5;      // 1 to 100,000

double x_of(double nodes) {
    return left + width * std::clamp(std::log10(nodes) / decades_across, 0.0, 1.0);
}
double y_of(double value) {
    return top + height * (1 - std::clamp(std::log10(std::max(value, 1.0)) / decades_up, 0.0, 1.0));
}

void draw_frame(svg& on) {
    for (int decade = 0; decade <= decades_across; ++decade) {
        const auto nodes = std::pow(10, decade);
        on.line({x_of(nodes), top}, {x_of(nodes), top + height}, svg::faint);
        on.text({x_of(nodes), top + height + 16}, fmt::format("{}", nodes), svg::anchor::middle);
    }
    for (int decade = 0; decade <= decades_up; ++decade) {
        const auto value = std::pow(10, decade);
        on.line({left, y_of(value)}, {left + width, y_of(value)}, svg::faint);
        on.text({left - 6, y_of(value) + 4}, fmt::format("{}", value), svg::anchor::end);
    }
}

json::object to_json(const scale_result& of) {
    return {{"nodes", of.shape.nodes},
            {"kills", of.shape.kills},
            {"session_ms", of.shape.session_ms},
            {"start_s", of.start_s},
            {"requests_to_start", of.requests_to_start},
            {"idle_requests_per_s", of.idle_requests_per_s},
            {"requests_per_join", of.requests_per_join},
            {"requests_per_leave", of.requests_per_leave},
            {"requests_per_change", of.requests_per_change},
            {"pauses_ms", json::value_from(of.pauses_ms)},
            {"followed_p50_ms", quantile(of.followed_ms, 0.5)},
            {"followed_p99_ms", quantile(of.followed_ms, 0.99)},
            {"kib_per_node", of.kib_per_node},
            {"kib_alone", of.kib_alone},
            {"roll_s", of.roll_s},
            {"requests_to_roll", of.requests_to_roll},
            {"longest_pause_of_roll_ms", of.longest_pause_of_roll_ms}};
}

}  // namespace

void print(const std::vector<scale_result>& all) {
    fmt::print("{:>6} {:>22} {:>16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>9}\n", "nodes",
               "takeover p50/p99/max ms", "follow p50/p99", "req/chg", "req/join", "req/leave", "idle/s", "KiB/node",
               "KiB alone", "start s", "roll s", "roll gap");
    for (const auto& of : all) {
        fmt::print(
            "{:>6} {:>23} {:>16} {:>9.0f} {:>9.0f} {:>9.0f} {:>9.1f} {:>9.0f} {:>9.0f} {:>9.1f} {:>10.1f} "
            "{:>9.0f}\n",
            of.shape.nodes,
            fmt::format("{:.0f}/{:.0f}/{:.0f}", quantile(of.pauses_ms, 0.5), quantile(of.pauses_ms, 0.99),
                        quantile(of.pauses_ms, 1)),
            fmt::format("{:.0f}/{:.0f}", quantile(of.followed_ms, 0.5), quantile(of.followed_ms, 0.99)),
            of.requests_per_change, of.requests_per_join, of.requests_per_leave, of.idle_requests_per_s,
            of.kib_per_node, of.kib_alone, of.start_s, of.roll_s, of.longest_pause_of_roll_ms);
    }
}

void write_down(const std::string& file, const std::vector<scale_result>& all) {
    json::array sizes;
    for (const auto& of : all) sizes.push_back(to_json(of));
    std::ofstream(file) << json::serialize(json::object{{"sizes", std::move(sizes)}}) << '\n';
}

void draw(const std::string& file, const std::vector<scale_result>& all) {
    const auto rows = legend * static_cast<double>(curves.size());
    svg made(left + width + 44, top + height + 40 + rows);
    draw_frame(made);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        std::vector<svg::position> through;
        for (const auto& of : all) {
            through.push_back({x_of(static_cast<double>(of.shape.nodes)), y_of(curves[i].value(of))});
        }
        made.curve(through, series_colour(i));
        made.text({left, top + height + 40 + legend * static_cast<double>(i)}, curves[i].name, svg::anchor::start,
                  series_colour(i));
    }
    std::ofstream(file) << made.document();
}

}  // namespace penholder::bench
