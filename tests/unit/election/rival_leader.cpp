#include "election/rival_leader.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

TEST_CASE("whoever was fenced off and still owns the leader's znode has a rival on another ensemble") {
    rival_leader it(1);
    CHECK_FALSE(it.read(true));
    it.fenced_off({{7}, "z", "z:1"});
    CHECK_FALSE(it.read(false));
    CHECK_FALSE(it.read(true));  // The suspicion was over with that reading.
    it.fenced_off({{8}, "z", "z:1"});
    CHECK_FALSE(it.is_active());
    const auto pause = it.read(true);
    REQUIRE(pause);
    CHECK(*pause >= rival_leader::first_pause / 2);
    CHECK(*pause <= rival_leader::first_pause);
    CHECK(it.is_active());
    CHECK(it.known()->leader == "z");
    it.pause_over();
    CHECK_FALSE(it.is_active());
}

TEST_CASE("the pauses for a rival grow up to a bound, and begin anew after peace") {
    rival_leader it(1);
    rival_leader::duration last{};
    for (int times = 0; times < 12; ++times) {
        it.fenced_off({{7}, "z", "z:1"});
        last = it.read(true).value();
        CHECK(last <= rival_leader::longest_pause);
    }
    CHECK(last >= rival_leader::longest_pause / 2);
    it.left_in_peace();
    it.fenced_off({{7}, "z", "z:1"});
    CHECK(it.read(true).value() <= rival_leader::first_pause);
}

TEST_CASE("a leader with a rival gives up its znode, says why, and stands again when the pause is over") {
    driver it;
    it.serve();
    it.on(event::fenced{{9}, "z", "z:1"});
    it.show(driver::led_by("a", driver::session, 1));
    REQUIRE(it.asks<action::give_up>());
    CHECK_FALSE(it.elector.eligible());
    const auto* armed = it.find<action::arm>();
    REQUIRE(armed != nullptr);
    CHECK(armed->which == timer::rival);
    it.on(event::timer_fired{timer::rival, armed->ticket});
    CHECK(it.elector.eligible());
}
