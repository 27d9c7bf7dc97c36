#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace {

using namespace penholder;
using namespace penholder::cli;

group_state concluded(const survey& seen) {
    auto groups = conclude(seen, "");
    REQUIRE(groups.size() == 1);
    return std::move(groups.front());
}

bool warns(const group_state& group, const std::string& what) {
    return std::ranges::any_of(group.warnings, [&](const auto& each) { return each.find(what) != std::string::npos; });
}

TEST_CASE("a healthy group is what the ensemble and its nodes say, without warnings") {
    const auto group = concluded(sample_survey());
    REQUIRE(group.leader);
    CHECK(group.leader->node == "orders-1");
    CHECK(group.leader->term == 7);
    CHECK(group.leader->phase == leader_phase::serving);
    CHECK(group.warnings.empty());
    REQUIRE(group.members.size() == 3);
    CHECK(group.members[0].role == "leader");
    CHECK(group.members[0].priority == 10);
    CHECK(group.members[0].queued_writes == 12U);
    CHECK(group.members[1].role == "follower");
    CHECK(group.members[1].health == "ok");
    CHECK(group.members[1].last_contact_ms == 40);
}

TEST_CASE("a node that nobody could reach when it led is named with its address") {
    survey seen = sample_survey();
    seen.groups[0].candidates[1].unreached = true;
    const auto group = concluded(seen);
    CHECK(warns(group, "nobody could link to orders-2 at 10.0.0.2:7431"));
    CHECK(group.warnings.size() == 1);
}

TEST_CASE("elected, fencing and serving are three states") {
    survey seen = sample_survey();
    seen.groups[0].leader->phase = election::phase::fencing;
    const auto group = concluded(seen);
    CHECK(group.leader->phase == leader_phase::fencing);
    CHECK(group.members[0].role == "fencing");
    CHECK(warns(group, "does not serve yet"));
}

TEST_CASE("without the ensemble the nodes tell who leads") {
    const auto group = concluded(survey_without_ensemble());
    REQUIRE(group.leader);
    CHECK(group.leader->node == "orders-1");
    CHECK(group.leader->term == 7);
    CHECK(group.leader->phase == leader_phase::suspended);
    CHECK(group.members.size() == 3);
    CHECK(group.members[0].role == "suspended");
    CHECK(warns(group, "without the ensemble"));
    CHECK(warns(group, "orders-2 has lost the ensemble"));
}

TEST_CASE("one follower is enough to know the leader and the members") {
    survey seen = survey_without_ensemble();
    seen.nodes = {sample_report(2), silent_report(1), silent_report(3)};
    const auto group = concluded(seen);
    REQUIRE(group.leader);
    CHECK(group.leader->node == "orders-1");
    CHECK(group.leader->phase == leader_phase::serving);
    CHECK(group.members.size() == 3);
    CHECK(group.find("orders-1")->role == "leader");
    CHECK(group.find("orders-1")->health == "unreachable");
    CHECK(group.find("orders-3")->role == "unknown");
}

TEST_CASE("of two that believe to lead, the newer term does") {
    survey seen = survey_without_ensemble();
    seen.nodes[2].status->groups[0].now = {"orders", role::serving, 8, "orders-3", "10.0.0.3:7431", true};
    const auto group = concluded(seen);
    CHECK(group.leader->node == "orders-3");
    CHECK(group.leader->term == 8);
    CHECK(group.last_term == 8);
    CHECK(warns(group, "orders-2 still follows term 7"));
}

TEST_CASE("a member that does not answer is unreachable, one without HTTP cannot be asked") {
    survey seen = sample_survey();
    seen.nodes[2] = silent_report(3);
    seen.groups[0].members[1].http_endpoint.clear();
    seen.nodes.erase(seen.nodes.begin() + 1);
    const auto group = concluded(seen);
    CHECK(group.members[1].health == "no http");
    CHECK(group.members[2].health == "unreachable");
    CHECK_FALSE(group.members[2].reached);
    CHECK(group.members[2].eligible == true);
}

TEST_CASE("another node that answers at a member's address is told") {
    survey seen = sample_survey();
    seen.nodes[2].status->node = "stranger";
    CHECK(concluded(seen).members[2].health == "another node, stranger, answers at its address");
}

TEST_CASE("trouble is told in the node's own words") {
    survey seen = sample_survey();
    seen.nodes[1].status->groups[0].trouble = "cannot reach its database";
    CHECK(concluded(seen).members[1].health == "cannot reach its database");
}

TEST_CASE("a member that the leader does not let in says so, and could not be followed") {
    survey seen = sample_survey();
    for (auto& each : seen.groups[0].members) each.database = "7/1";
    for (auto& each : seen.nodes) each.status->groups[0].link_connected = true;
    CHECK_FALSE(concluded(seen).members[1].is_unlinked);
    seen.nodes[1].status->groups[0].link_connected = false;
    seen.nodes[1].status->groups[0].trouble = "the peer did not accept this node's link secret";
    const auto group = concluded(seen);
    CHECK(group.members[1].is_unlinked);
    CHECK(group.members[1].health == "cannot link to orders-1: the peer did not accept this node's link secret");
    CHECK_FALSE(group.members[0].is_unlinked);
    CHECK_FALSE(group.members[2].is_unlinked);
}

TEST_CASE("members that advertise one address are named together, once") {
    survey seen = sample_survey();
    auto& view = seen.groups[0];
    CHECK_FALSE(warns(concluded(seen), "advertise one address"));
    view.members[0].endpoint = view.members[2].endpoint = "balancer:7431";
    CHECK(warns(concluded(seen), "orders-1, orders-3 advertise one address, balancer:7431"));
}

TEST_CASE("a member with another database than the group's is named, and one that says none is not") {
    survey seen = sample_survey();
    auto& view = seen.groups[0];
    view.terms.back().database = "7/1";
    view.members[1].database = "7/2";
    view.members[2].database = "7/1";
    const auto group = concluded(seen);
    CHECK(group.database == "7/1");
    CHECK(warns(group, "orders-2 has database 7/2, and the group writes to 7/1"));
    CHECK_FALSE(warns(group, "orders-1 has database"));
    CHECK_FALSE(warns(group, "orders-3 has database"));
    view.control.adopted_database = "7/2";
    CHECK(warns(concluded(seen), "orders-3 has database 7/1, and the group writes to 7/2"));
}

TEST_CASE("members whose settings or versions differ are told apart") {
    survey seen = sample_survey();
    for (auto& each : seen.groups[0].members) each.settings = "zookeeper.root=/penholder group.max_deadline_ms=60000";
    seen.groups[0].members[2].settings = "zookeeper.root=/penholder group.max_deadline_ms=5000";
    seen.groups[0].members[1].version = "0.2.0";
    const auto group = concluded(seen);
    CHECK(warns(group, "settings differ in group.max_deadline_ms: orders-3 has 5000; orders-1, orders-2 have 60000"));
    CHECK_FALSE(warns(group, "zookeeper.root"));
    CHECK(warns(group, "orders-1, orders-3 have 0.1.0; orders-2 has 0.2.0"));
}

TEST_CASE("a vacancy says why it lasts and who led last") {
    survey seen = sample_survey();
    seen.groups[0].leader.reset();
    CHECK(warns(concluded(seen), "nobody leads since orders-1 led term 7; an election should be under way"));
    seen.groups[0].control.paused = true;
    CHECK(warns(concluded(seen), "the group is paused"));
    seen.groups[0].control.paused = false;
    for (auto& each : seen.groups[0].candidates) each.eligible = false;
    CHECK(warns(concluded(seen), "no member is eligible"));
}

TEST_CASE("a leader that does not serve its term by its own account is told") {
    survey seen = sample_survey();
    seen.nodes[0].status->groups[0].now.term = 6;
    CHECK(warns(concluded(seen), "orders-1 is not serving term 7 by its own account"));
}

TEST_CASE("a handover under way, a pause and unreadable znodes are told") {
    survey seen = sample_survey();
    seen.groups[0].control = {true, election::handover_request{"orders-2", 7}};
    seen.groups[0].warnings.push_back({errc::malformed_znode, "garbage at /penholder/orders/members/x"});
    const auto group = concluded(seen);
    CHECK(warns(group, "a handover to orders-2 is under way"));
    CHECK(warns(group, "paused"));
    CHECK(warns(group, "garbage at"));
    seen.groups[0].control.handover->from_term = {6};
    CHECK_FALSE(warns(concluded(seen), "handover"));
}

TEST_CASE("only the group that was asked for is shown") {
    CHECK(conclude(sample_survey(), "stock").empty());
    CHECK(conclude(sample_survey(), "orders").size() == 1);
}

}  // namespace
