// What becomes of an application that still writes while its node is told to stop.
#include "two_nodes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>
#include <string>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

web_answer take_one_from(const running_daemon& at) {
    return at.post(writes, with_sql("UPDATE stock SET qty = qty - 1 WHERE id = 1"));
}

void have_many_in_stock(const running_daemon& at) {
    REQUIRE(at.post(writes, with_sql("UPDATE stock SET qty = 1000000 WHERE id = 1")).status == 200);
}

}  // namespace

TEST_CASE("after SIGTERM another node leads at once, and the application's writes are committed until it is quiet") {
    two_nodes nodes;
    have_many_in_stock(nodes.leader);
    nodes.leader.running().send(SIGTERM);
    int committed = 0;
    bool moved = false;
    for (int after = 0; after < 50; after += moved ? 1 : 0) {
        const auto answered = take_one_from(nodes.leader);
        INFO(answered.body << nodes.leader.log());
        REQUIRE(answered.status == 200);
        ++committed;
        moved = nodes.follower.get("/leader").status == 200;
    }
    CHECK(nodes.leader.get("/readyz").status == 503);
    CHECK(nodes.leader.running().wait() == 0);
    const auto left = nodes.follower.post(writes, with_sql("SELECT qty FROM stock WHERE id = 1"));
    const auto expected = R"("rows":[[")" + std::to_string(1'000'000 - committed) + R"("]])";
    CHECK_THAT(left.body, ContainsSubstring(expected));
}

TEST_CASE("a node alone leads on for its application after SIGTERM") {
    running_daemon alone(leading_plan());
    alone.wait_until_ready();
    have_many_in_stock(alone);
    alone.running().send(SIGTERM);
    for (int i = 0; i < 50; ++i) REQUIRE(take_one_from(alone).status == 200);
    CHECK(alone.running().wait() == 0);
}

TEST_CASE("stop_grace_ms bounds how long an application keeps a node, and a second signal ends it") {
    auto plan = leading_plan();
    plan.node = "stop_grace_ms = 300";
    running_daemon bounded(plan);
    bounded.wait_until_ready();
    have_many_in_stock(bounded);
    bounded.running().send(SIGTERM);
    for (int i = 0; i < 1'000'000 && bounded.running().running(); ++i) {
        try {
            if (take_one_from(bounded).status != 200) break;
        } catch (const std::exception&) {
            break;
        }
    }
    CHECK(bounded.running().wait() == 0);

    plan.node = "stop_grace_ms = 600000";
    running_daemon patient(plan);
    patient.wait_until_ready();
    have_many_in_stock(patient);
    patient.running().send(SIGTERM);
    REQUIRE(take_one_from(patient).status == 200);
    patient.running().send(SIGTERM);
    CHECK(patient.running().wait() == 0);
}
