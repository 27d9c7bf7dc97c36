#include "election/process_death.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::election;

namespace {

const process_death proof{{4}, "b", "9", "its link broke"};

/// A follower of b that was told of its death and has read everything again.
driver after_a_death(const group_snapshot& shown) {
    driver it;
    it.follow();
    it.on(event::leader_died{proof});
    it.show(shown);
    return it;
}

}  // namespace

TEST_CASE("the successor evicts exactly what the full read showed of the dead leader") {
    auto shown = driver::led_by("b", 0x20, 4);
    shown.leader->member_version = 3;
    const auto its = candidate_prefix(0x20) + "0000000001";
    shown.candidates.push_back({its, {"b", 0, true}, 2});
    const auto it = after_a_death(shown);
    const auto* asked = it.find<action::lead>();
    REQUIRE(asked);
    REQUIRE(asked->removed);
    CHECK(asked->removed->leader_version == 1);
    CHECK(asked->removed->member_version == 3);
    CHECK(asked->removed->candidate == its);
    CHECK(asked->removed->candidate_version == 2);
    CHECK(asked->terms.back() == penholder::term_record{5, "a", {}, "takeover", "its link broke"});
}

TEST_CASE("a process death of another term, or of another life, evicts nobody") {
    auto newer = driver::led_by("b", 0x20, 5);
    CHECK_FALSE(after_a_death(newer).asks<action::lead>());
    auto reborn = driver::led_by("b", 0x21, 4);
    reborn.leader->record->incarnation = "10";
    CHECK_FALSE(after_a_death(reborn).asks<action::lead>());
}

TEST_CASE("who is paused, ineligible, an observer or out of sight of the ensemble evicts nobody") {
    auto paused = driver::led_by("b", 0x20, 4);
    paused.control.paused = true;
    CHECK_FALSE(after_a_death(paused).asks<action::lead>());
    for (const bool observer : {true, false}) {
        driver it(observer, observer);
        it.follow();
        it.on(event::leader_died{proof});
        CHECK_FALSE(it.asks<action::lead>());
        CHECK_FALSE(it.asks<action::read>());
    }
    driver suspended;
    suspended.follow();
    suspended.on(event::session_suspended{1});
    CHECK(suspended.on(event::leader_died{proof}).empty());
}

TEST_CASE("a leader that is heard again is not evicted any more") {
    driver it;
    it.follow();
    it.on(event::leader_died{proof});
    it.on(event::leader_heard{{4}});
    it.show(driver::led_by("b", 0x20, 4));
    CHECK_FALSE(it.asks<action::lead>());
}
