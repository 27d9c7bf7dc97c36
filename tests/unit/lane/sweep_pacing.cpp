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
    sweeps.on_end(full - 1, sweeps_start + 5ms);
    CHECK_FALSE(sweeps.is_due(10 * full, sweeps_start + 1h));
    CHECK(sweeps.due() == sweep_pacing::time_point::max());
}

TEST_CASE("while there is more to forget, steps take a thirtieth of the time") {
    sweep_pacing sweeps;
    sweeps.on_begin(0, sweeps_start);
    sweeps.on_end(full, sweeps_start + 5ms);
    CHECK(sweeps.due() == sweeps_start + 155ms);
    CHECK_FALSE(sweeps.is_due(0, sweeps_start + 154ms));
    CHECK(sweeps.is_due(0, sweeps_start + 155ms));
}

TEST_CASE("as many keys are forgotten as are recorded, however fast that is") {
    sweep_pacing sweeps;
    sweeps.on_begin(100, sweeps_start);
    sweeps.on_end(full, sweeps_start + 5ms);
    CHECK_FALSE(sweeps.is_due(100 + full - 1, sweeps_start + 6ms));
    CHECK(sweeps.is_due(100 + full, sweeps_start + 6ms));
}
