#include "group/leader_changes.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

leadership seen(role own, std::uint64_t number, const std::string& leader) {
    return {"orders", own, number, leader, leader + ":1", true};
}

}  // namespace

TEST_CASE("changes of leader and of term are counted, changes of role are not") {
    leader_changes changes("orders", "a");
    changes.leadership_changed(seen(role::offline, 0, ""), seen(role::follower, 1, "b"), noon);
    changes.leadership_changed(seen(role::follower, 1, "b"), seen(role::offline, 1, "b"), noon);
    changes.leadership_changed(seen(role::offline, 1, "b"), seen(role::follower, 2, "b"), noon);
    CHECK(changes.changes() == 2);
}

TEST_CASE("a change that ends in the own election is told once, from its first sign") {
    leader_changes changes("orders", "a");
    changes.link_broke(noon);
    changes.leadership_changed(seen(role::follower, 1, "b"), seen(role::follower, 0, ""), noon + 5ms);
    changes.elected(noon + 10ms);
    changes.fenced(noon + 12ms);
    changes.leadership_changed(seen(role::fencing, 2, "a"), seen(role::serving, 2, "a"), noon + 15ms);
    const auto line = changes.finished({2}, noon + 20ms);
    REQUIRE(line);
    CHECK(line->event == "leader_change");
    CHECK(value_of(*line, "term") == "2");
    CHECK(value_of(*line, "elected_ms") == "10.0");
    CHECK(value_of(*line, "fenced_ms") == "12.0");
    CHECK(value_of(*line, "serving_ms") == "15.0");
    CHECK(value_of(*line, "first_write_ms") == "20.0");
    CHECK_FALSE(changes.finished({2}));
}

TEST_CASE("a leader that answers again ends the change that its link's break began") {
    leader_changes changes("orders", "a");
    changes.link_broke(noon);
    changes.linked();
    changes.elected(noon + 10ms);
    CHECK(value_of(changes.finished({2}).value(), "elected_ms") == "0.0");
}

TEST_CASE("a proof of death is news once, and again after the leader was heard") {
    leader_changes changes("orders", "a");
    const election::process_death dead{term{4}, "b", "9", "its link broke, and b:1 refuses connections"};
    const auto line = changes.process_died(dead);
    REQUIRE(line);
    CHECK(line->event == "leader_dead");
    CHECK(value_of(*line, "leader") == "b");
    CHECK(value_of(*line, "evidence") == dead.evidence);
    CHECK_FALSE(changes.process_died(dead));
    changes.linked();
    CHECK(changes.process_died(dead));
    CHECK(changes.process_deaths() == 2);
}
