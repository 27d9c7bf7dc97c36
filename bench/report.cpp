#include "report.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <fstream>

namespace penholder::bench {
namespace {

std::vector<double> rates(const contender& one) {
    std::vector<double> rates;
    for (const auto& round : one.rounds) rates.push_back(round.writes_per_second);
    return rates;
}

}  // namespace

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

double contender::median_rate() const {
    return quantile(rates(*this), 0.5);
}

double contender::spread() const {
    const auto all = rates(*this);
    return (std::ranges::max(all) - std::ranges::min(all)) / median_rate();
}

double contender::latency_us(double q) const {
    std::vector<double> all;
    for (const auto& round : rounds) all.insert(all.end(), round.latencies_us.begin(), round.latencies_us.end());
    return quantile(std::move(all), q);
}

bool contender::correct() const {
    return std::ranges::all_of(rounds, [](const run_result& one) { return one.acknowledged == one.found; });
}

void print(const std::vector<contender>& contenders, const std::vector<double>& pauses,
           const std::vector<footprint>& idle) {
    fmt::print("{:<44} {:>10} {:>7} {:>7} {:>9} {:>9} {}\n", "contender", "writes/s", "noise", "ratio", "p50 us",
               "p99 us", "result");
    for (const auto& one : contenders) {
        if (one.rounds.empty()) continue;
        const auto base = contenders.front().median_rate();
        fmt::print("{:<44} {:>10.0f} {:>6.0f}% {:>6.1f}x {:>9.0f} {:>9.0f} {}\n", one.name, one.median_rate(),
                   100 * one.spread(), one.median_rate() / base, one.latency_us(0.5), one.latency_us(0.99),
                   one.correct() ? "exact" : "WRONG");
    }
    if (!pauses.empty()) {
        fmt::print("\nhandover under load, {} times: pause p50 {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms\n",
                   pauses.size(), quantile(pauses, 0.5), quantile(pauses, 0.99), quantile(pauses, 1));
    }
    for (const auto& one : idle) {
        fmt::print("idle {:<9} {:>5.2f} % of a core, {:>5.1f} MiB resident\n", one.role, one.cpu_percent, one.rss_mib);
    }
}

void save(const std::string& file, const std::vector<contender>& contenders, const std::vector<double>& pauses,
          const std::vector<footprint>& idle) {
    boost::json::object all;
    auto& table = all["contenders"].emplace_array();
    for (const auto& one : contenders) {
        table.push_back({{"name", one.name},
                         {"writes_per_second", boost::json::value_from(rates(one))},
                         {"p50_us", one.latency_us(0.5)},
                         {"p99_us", one.latency_us(0.99)},
                         {"correct", one.correct()}});
    }
    all["handover_pauses_ms"] = boost::json::value_from(pauses);
    auto& prints = all["idle"].emplace_array();
    for (const auto& one : idle) {
        prints.push_back({{"role", one.role}, {"cpu_percent", one.cpu_percent}, {"rss_mib", one.rss_mib}});
    }
    std::ofstream(file) << boost::json::serialize(all) << '\n';
}

}  // namespace penholder::bench
