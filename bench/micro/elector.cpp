// What one step of the elector costs: a watch fired, and the group is read.
#include "election/elector.hpp"

#include "election/paths.hpp"

#include <benchmark/benchmark.h>

namespace penholder::bench {
namespace {

using namespace penholder::election;

constexpr std::int64_t session = 0x10;

group_snapshot led_by_another(std::int64_t candidates) {
    group_snapshot seen;
    seen.self = member_seen{session, "1"};
    seen.candidates.push_back({candidate_prefix(session) + "0000000007", {"a", 0, true}, 0});
    for (std::int64_t i = 1; i < candidates; ++i) {
        const auto node = "n" + std::to_string(i);
        seen.candidates.push_back({candidate_prefix(session + i) + std::to_string(1000000000 + i), {node, 0, true}, 0});
    }
    seen.leader = leader_seen{leader_record{"b", "9", "b:1", 4, phase::serving, "since"}, 0x20, 1};
    seen.terms = {{4, "b", "since", "election"}};
    seen.scope = scope::full;
    return seen;
}

election::ticket question_in(const actions& asked) {
    for (const auto& one : asked) {
        if (const auto* read = std::get_if<action::read>(&one)) return read->ticket;
    }
    return 0;
}

void read_again(benchmark::State& state) {
    elector_options options;
    options.group = "orders";
    options.node = "a";
    options.incarnation = "1";
    options.endpoint = "a:1";
    options.eligible = true;
    elector decides(options);
    const auto seen = led_by_another(state.range(0));
    decides.on(event::snapshot_read{question_in(decides.on(event::session_up{1, session})), seen});
    for (auto _ : state) {
        const auto asked = question_in(decides.on(event::leader_changed{1}));
        benchmark::DoNotOptimize(decides.on(event::snapshot_read{asked, seen}));
    }
}

BENCHMARK(read_again)->Arg(3)->Arg(100);

}  // namespace
}  // namespace penholder::bench
