// What a write costs before it has its way to the database: its check at each node, and the leader's look at its shape.
#include "lane/plain_shapes.hpp"
#include "write/write_check.hpp"

#include <fmt/core.h>

#include <benchmark/benchmark.h>

namespace penholder::bench {
namespace {

const std::string origin = "orders-1.00000000000000aa";
const auto now = std::chrono::steady_clock::now();

std::shared_ptr<const write> with_parameters(std::uint64_t number) {
    auto what = std::make_shared<write>();
    what->add("INSERT INTO events (writer, number, what) VALUES ($1, $2, $3)", 7, number, "twenty bytes of text");
    return what;
}

std::shared_ptr<const write> with_literals(std::uint64_t number) {
    auto what = std::make_shared<write>();
    what->add(fmt::format("INSERT INTO events (writer, number, what) VALUES (7, {}, 'twenty bytes of text')", number));
    return what;
}

/// The write is made in the loop too: a text that is new each time has to be.
void check(benchmark::State& state, std::shared_ptr<const write> (*make)(std::uint64_t)) {
    write_check checks(std::size_t{1} << 20U);
    std::uint64_t number = 0;
    for (auto _ : state) {
        ++number;
        benchmark::DoNotOptimize(checks.check(origin_write_id(origin, number), make(number)));
    }
}

void look_at_shape(benchmark::State& state) {
    write_check checks(std::size_t{1} << 20U);
    const auto checked = checks.check(origin_write_id(origin, 1), with_parameters(1));
    lane::lane_outbox out;
    lane::plain_shapes shapes(out);
    shapes.seen({7});
    sql::judgement known{.plainness = {}, .as_of = {7}};
    known.plainness.plain = true;
    shapes.judged(checked->shapes().front(), known, now);
    for (auto _ : state) benchmark::DoNotOptimize(shapes.look_at(*checked, now));
}

void copy_checked(benchmark::State& state) {
    write_check checks(std::size_t{1} << 20U);
    const auto checked = checks.check(origin_write_id(origin, 1), with_parameters(1));
    for (auto _ : state) {
        auto copy = *checked;
        benchmark::DoNotOptimize(copy);
    }
}

BENCHMARK_CAPTURE(check, parameters, with_parameters);
BENCHMARK_CAPTURE(check, literals, with_literals);
BENCHMARK(look_at_shape);
BENCHMARK(copy_checked);

}  // namespace
}  // namespace penholder::bench
