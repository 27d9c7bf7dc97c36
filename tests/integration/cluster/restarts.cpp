// Real sidecars that are killed and started again under their names long before the ensemble ends their sessions.
#include "sidecars.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

/// Since then less time has passed than a session takes to end.
void check_sooner_than_a_session(std::chrono::steady_clock::time_point began) {
    CHECK(std::chrono::steady_clock::now() - began < much_sooner);
}

}  // namespace

TEST_CASE("a follower that is killed and started again takes part at once, and can be the heir") {
    sidecars three("restarted_follower", long_session_ms);
    const auto leader = three.wait_for_leader();
    const auto other = (leader + 1) % 3;
    three.all[(leader + 2) % 3]->kill();
    wait_until(
        "it follows", [&] { return three.all[other]->role() == "follower"; }, limit::leadership);
    three.all[other]->kill();
    const auto began = std::chrono::steady_clock::now();
    three.all[other]->start();
    wait_until(
        "it follows again", [&] { return three.all[other]->role() == "follower"; }, limit::leadership);
    check_sooner_than_a_session(began);
    CHECK_THAT(three.all[other]->log(), ContainsSubstring("earlier_life_replaced group=orders"));

    three.all[leader]->running().send(SIGTERM);
    CHECK(three.wait_for_leader(limit::leadership, leader) == other);
    check_sooner_than_a_session(began);
}

TEST_CASE("a node alone that is killed while it leads and started again leads again, in the next term") {
    sidecars three("restarted_leader", long_session_ms);
    auto leader = three.wait_for_leader();
    for (std::size_t index = 0; index < 3; ++index) {
        if (index != leader) three.all[index]->kill();
    }
    const auto term = three.all[leader]->status().at("term").to_number<int>();
    three.all[leader]->kill();
    const auto began = std::chrono::steady_clock::now();
    three.all[leader]->start();
    REQUIRE(three.wait_for_leader() == leader);
    check_sooner_than_a_session(began);
    CHECK(three.all[leader]->status().at("term").to_number<int>() == term + 1);
}

}  // namespace penholder::testing
