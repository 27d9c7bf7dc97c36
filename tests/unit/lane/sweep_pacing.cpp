#include "lane/sweep_pacing.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace std::chrono_literals;

namespace {

const sweep_pacing::time_point sweeps_start{};
constexpr std::uint64_t full = sweep_pacing::step_keys;

}  // namespace

TEST_CASE("the ledger is swept when that is asked for, and once where a step forgets all there is") {
    sweep_pacing sweeps;
    CHECK_FALSE(sweeps.is_due(0, sweeps_start));
    sweeps.ask();
    CHECK(sweeps.is_due(0, sweeps_start));
    sweeps.on_begin(0, sweeps_start);
    CHECK_FALSE(sweeps.is_due(0, sweeps_start));
    sweeps.on_end(17, false, sweeps_start + 5ms);
    CHECK_FALSE(sweeps.is_due(10 * full, sweeps_start + 1h));
    CHECK(sweeps.due() == sweep_pacing::time_point::max());
}

TEST_CASE("while there is more to forget, steps take a fiftieth of the time") {
    sweep_pacing sweeps;
    sweeps.on_begin(0, sweeps_start);
    sweeps.on_end(17, true, sweeps_start + 5ms);
    CHECK(sweeps.due() == sweeps_start + 255ms);
    CHECK_FALSE(sweeps.is_due(0, sweeps_start + 254ms));
    CHECK(sweeps.is_due(0, sweeps_start + 255ms));
}

TEST_CASE("as many keys are forgotten as are recorded, however fast that is") {
    sweep_pacing sweeps;
    sweeps.on_begin(100, sweeps_start);
    sweeps.on_end(17, true, sweeps_start + 5ms);
    CHECK_FALSE(sweeps.is_due(100 + full - 1, sweeps_start + 6ms));
    CHECK(sweeps.is_due(100 + full, sweeps_start + 6ms));
}

TEST_CASE("a step goes on where the one before it ended, also in the next minute, and anew at another server") {
    sweep_pacing sweeps;
    sweeps.ask();
    auto step = sweeps.on_begin(0, sweeps_start);
    CHECK(step.first);
    CHECK(step.from == 0);
    sweeps.on_end(17, true, sweeps_start + 5ms);
    step = sweeps.on_begin(0, sweeps_start + 255ms);
    CHECK_FALSE(step.first);
    CHECK(step.from == 17);
    sweeps.on_end(20, false, sweeps_start + 256ms);
    sweeps.ask();
    step = sweeps.on_begin(0, sweeps_start + 1min);
    CHECK(step.first);
    CHECK(step.from == 20);
    sweeps.on_connected();
    CHECK(sweeps.on_begin(0, sweeps_start + 2min).from == 0);
}
