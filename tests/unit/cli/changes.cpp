#include "cli/survey/change.hpp"
#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;
using namespace penholder::cli;

std::vector<group_state> now() {
    return conclude(sample_survey(), "");
}

TEST_CASE("the first look tells the state of things") {
    const auto told = find_changes({}, now());
    REQUIRE(told.size() == 4);
    CHECK(told[0] == change{"orders", "leader", "orders-1", 7, "serving"});
    CHECK(told[1] == change{"orders", "joined", "orders-1", 7, "leader"});
}

TEST_CASE("nothing is told while nothing changes") {
    CHECK(find_changes(now(), now()).empty());
}

TEST_CASE("a change of leader is told once, with its phases") {
    auto vacant = now();
    vacant[0].leader.reset();
    CHECK(find_changes(now(), vacant) == std::vector<change>{{"orders", "vacancy", "", 7, "nobody leads"}});
    auto fencing = now();
    fencing[0].leader = leader_state{"orders-2", "", 8, leader_phase::fencing, ""};
    CHECK(find_changes(vacant, fencing) == std::vector<change>{{"orders", "leader", "orders-2", 8, "fencing"}});
    auto serving = fencing;
    serving[0].leader->phase = leader_phase::serving;
    CHECK(find_changes(fencing, serving) == std::vector<change>{{"orders", "phase", "orders-2", 8, "serving"}});
}

TEST_CASE("members that come, go and change are told") {
    auto after = now();
    after[0].members.pop_back();
    after[0].members[1].health = "unreachable";
    after[0].members[1].role = "joining";
    after[0].paused = true;
    CHECK(find_changes(now(), after) == std::vector<change>{{"orders", "paused", "", 7, ""},
                                                            {"orders", "left", "orders-3", 7, ""},
                                                            {"orders", "role", "orders-2", 7, "joining"},
                                                            {"orders", "health", "orders-2", 7, "unreachable"}});
    CHECK(find_changes(after, now()).size() == 4);
}

}  // namespace
