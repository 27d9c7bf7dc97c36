// What deciding about one write costs: submitted, sent, answered, with others pending.
#include "write/router.hpp"

#include <benchmark/benchmark.h>

namespace penholder::bench {
namespace {

void submit_and_answer(benchmark::State& state) {
    const auto now = std::chrono::steady_clock::now();
    router_options settings;
    settings.node = "orders-1";
    settings.origin = "orders-1.00000000000000aa";
    router decides(settings, now);
    decides.leader_there(term{5}, "orders-2", "127.0.0.1:2", now);
    decides.link_up(term{5}, 100000, now);
    std::uint64_t submitted = 0;
    const auto submit = [&] {
        write what;
        what.add("UPDATE stock SET qty = qty - $1 WHERE id = $2", 1, 42);
        benchmark::DoNotOptimize(decides.submit(ticket{++submitted}, std::move(what), now));
    };
    for (std::int64_t i = 0; i < state.range(0); ++i) submit();
    std::uint64_t answered = 0;
    for (auto _ : state) {
        submit();
        receipt done;
        done.outcome = outcome::committed;
        benchmark::DoNotOptimize(decides.answered(ticket{++answered}, decided(std::move(done)), now));
    }
}

BENCHMARK(submit_and_answer)->Arg(1)->Arg(64)->Arg(4096);

}  // namespace
}  // namespace penholder::bench
