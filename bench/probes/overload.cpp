#include "contenders/embedded_nodes.hpp"
#include "probe.hpp"

#include <stdexcept>

namespace penholder::bench {
namespace {

/// So that the database is what is overloaded, and not the machine that all share.
constexpr std::chrono::milliseconds commit_delay{10};
constexpr int may_wait_ms = 250;
constexpr double times_too_much = 3;
constexpr std::size_t enough_writers = 20000;

turn take_turn(servers& on, embedded_nodes& nodes, const load_shape& shape) {
    const auto what = hot_row();
    what->prepare(on.database());
    course all(what, shape);
    write_through(all, nodes, false);
    auto came = all.end();
    const auto wrong = what->problem(on.database(), came.told);
    if (!wrong.empty()) throw std::runtime_error("under overload: " + wrong);
    return came;
}

}  // namespace

std::vector<figure> overload(bool quick) {
    servers on(commit_delay);
    embedded_nodes nodes(on, "overload",
                         [](options& settings) { settings.groups.front().queue_time_max_ms = may_wait_ms; });
    const std::chrono::milliseconds length(quick ? 1000 : 5000);
    const auto most = take_turn(on, nodes, {.writers = 256, .length = length}).writes_per_second;
    const auto came =
        take_turn(on, nodes, {.writers = enough_writers, .length = length, .rate = most * times_too_much});
    const auto all = came.told.committed + came.told.refused + came.told.unknown;
    return {{"overload: offered", most * times_too_much, " writes/s"},
            {"overload: committed", came.writes_per_second, " writes/s"},
            {"overload: turned away", 100 * static_cast<double>(came.told.refused) / static_cast<double>(all), " %"},
            {"overload: p99 of the accepted / queue_time_max_ms", came.service.quantile_us(0.99) / (1000 * may_wait_ms),
             ""}};
}

}  // namespace penholder::bench
