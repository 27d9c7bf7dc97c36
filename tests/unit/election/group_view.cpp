#include "election/group_view.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

TEST_CASE("members are sorted by name, candidates in succession, those who cannot lead last") {
    group_view view;
    view.members = {{"b", "", "", "", "", "", "", ""}, {"a", "", "", "", "", "", "", ""}};
    view.candidates = {{"late", 0, true, 9, "", 0},
                       {"unable", 9, false, 1, "", 0},
                       {"early", 0, true, 2, "", 0},
                       {"preferred", 5, true, 12, "", 0}};
    view.sort();
    CHECK(view.members.front().node == "a");
    std::vector<std::string> order;
    for (const auto& each : view.candidates) order.push_back(each.node);
    CHECK(order == std::vector<std::string>{"preferred", "early", "late", "unable"});
}

TEST_CASE("a node's candidate is found by its name") {
    group_view view;
    view.candidates = {{"a", 0, true, 9, "znode", 0}};
    REQUIRE(view.candidate_of("a") != nullptr);
    CHECK(view.candidate_of("a")->znode == "znode");
    CHECK(view.candidate_of("b") == nullptr);
}

TEST_CASE("a group's database is its last term's, or the one that operators moved it to") {
    group_view view;
    CHECK(view.database().empty());
    view.terms = {{1, "a", "", "election", "", "7/1"}, {2, "a", "", "election", "", "7/2"}, {3, "a", "", "election"}};
    CHECK(view.database() == "7/2");
    view.control.adopted_database = "7/3";
    CHECK(view.database() == "7/3");
}
