#include "text.hpp"

#include <boost/json.hpp>

namespace penholder::bench {
namespace {

namespace json = boost::json;

json::object round_of(const turn& one) {
    const auto share = one.session_share;
    return {{"writes_per_second", one.writes_per_second},
            {"committed", one.told.committed},
            {"refused", one.told.refused},
            {"unknown", one.told.unknown},
            {"session_share", share ? json::value(*share) : json::value(nullptr)},
            {"p50_us", one.latencies.quantile_us(0.5)},
            {"p90_us", one.latencies.quantile_us(0.9)},
            {"p99_us", one.latencies.quantile_us(0.99)},
            {"p999_us", one.latencies.quantile_us(0.999)},
            {"problem", one.problem}};
}

json::object point_of(const point_result& found) {
    json::array contenders;
    for (const auto& one : found.cells) {
        json::array rounds;
        for (const auto& each : one.rounds) rounds.push_back(round_of(each));
        contenders.push_back({{"name", one.contender},
                              {"writes_per_second", one.rate()},
                              {"rounds", std::move(rounds)},
                              {"observed", json::value_from(one.observed)}});
    }
    return {{"workload", found.where.what->name()},
            {"writers", found.where.shape.writers},
            {"keyed", found.where.shape.keyed},
            {"offered_per_second", found.where.shape.rate},
            {"commit_delay_ms", found.where.commit_delay.count()},
            {"seconds", std::chrono::duration<double>(found.where.shape.length).count()},
            {"contenders", std::move(contenders)}};
}

}  // namespace

std::string to_json(const results& found) {
    json::object all;
    auto& machine = all["machine"].emplace_object();
    for (const auto& [name, value] : found.machine) machine[name] = value;
    auto& goals = all["goals"].emplace_array();
    for (const auto& one : judge(found)) {
        goals.push_back({{"what", one.what},
                         {"wanted", one.wanted},
                         {"measured", one.measured ? json::value(*one.measured) : json::value(nullptr)},
                         {"reached", one.reached}});
    }
    auto& series = all["series"].emplace_array();
    for (const auto& one : found.series) {
        json::array points;
        for (const auto& each : one.points) points.push_back(point_of(each));
        series.push_back({{"name", one.name}, {"commit_us", one.commit_us}, {"points", std::move(points)}});
    }
    auto& figures = all["figures"].emplace_array();
    for (const auto& one : found.figures) {
        figures.push_back({{"name", one.name}, {"value", one.value}, {"unit", one.unit}});
    }
    return json::serialize(all) + "\n";
}

}  // namespace penholder::bench
