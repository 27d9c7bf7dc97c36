#include "base/wall_clock.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace std::chrono;

TEST_CASE("the wall clock moves as the steady one does, in whole milliseconds") {
    const steady_clock::time_point moment{hours(5)};
    const system_clock::time_point noon{hours(480'000)};
    const wall_clock clock(moment, noon);
    CHECK(clock.at(moment) == noon);
    CHECK(clock.at(moment + microseconds(2'900)) == noon + milliseconds(2));
    CHECK(clock.at(moment - milliseconds(7)) == noon - milliseconds(7));
}

TEST_CASE("a wall clock that was not read shows nothing") {
    CHECK(wall_clock().at(steady_clock::time_point{hours(5)}) == system_clock::time_point{});
}
