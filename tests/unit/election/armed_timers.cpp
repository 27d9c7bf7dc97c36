#include "election/armed_timers.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::election;
using namespace std::chrono_literals;

TEST_CASE("a timer fires once, and not at all where another replaced it") {
    armed_timers it;
    CHECK_FALSE(it.is_armed(timer::heir));
    const auto first = it.arm(timer::heir, 1s);
    CHECK(first.delay == 1s);
    const auto second = it.arm(timer::heir, 2s);
    const auto other = it.arm(timer::drain, 3s);
    CHECK_FALSE(it.fired({timer::heir, first.ticket}));
    CHECK(it.is_armed(timer::heir));
    CHECK_FALSE(it.fired({timer::drain, second.ticket}));
    CHECK(it.fired({timer::heir, second.ticket}));
    CHECK_FALSE(it.fired({timer::heir, second.ticket}));
    CHECK_FALSE(it.is_armed(timer::heir));
    CHECK(it.fired({timer::drain, other.ticket}));
    CHECK_FALSE(it.fired({timer::retry, 0}));
}

TEST_CASE("a timer that was disarmed fires for nobody") {
    armed_timers it;
    const auto armed = it.arm(timer::turn, 1s);
    it.disarm(timer::turn);
    CHECK_FALSE(it.is_armed(timer::turn));
    CHECK_FALSE(it.fired({timer::turn, armed.ticket}));
}
