// Nodes of one group and one database, on two ensembles that do not know each other.
#include "cluster.hpp"
#include "support/patience.hpp"
#include "support/zookeeper_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <cmath>
#include <string>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

int fence_of(const cluster& on) {
    return shared_postgres().exec("SELECT max(term) FROM penholder.fence", on.database())[0][0].as<int>();
}

}  // namespace

TEST_CASE("leaders on two ensembles do not fence each other off again and again, and say who is in the way") {
    cluster right({.nodes = 2});
    shared_postgres().exec("CREATE TABLE marks (mark text)", right.database());
    right.wait_for_leader();
    zookeeper_server elsewhere;
    auto settings = right.node_options(7);
    settings.zookeeper.hosts = elsewhere.connect_string();
    running_node other(settings);

    std::string named;
    wait_until("a node names the other one", [&] {
        for (auto* each : {&right[0], &right[1], &other}) {
            const auto said = each->status("orders").trouble;
            if (said.find("another ensemble") != std::string::npos) named = said;
        }
        return !named.empty();
    });
    CHECK_THAT(named, ContainsSubstring("raised the fence to term"));

    const auto begun = std::chrono::steady_clock::now();
    const auto before = fence_of(right);
    int written = 0;
    for (int count = 0; count < 5; ++count) {
        const auto mark = "mark-" + std::to_string(count);
        write one(mark);
        one.deadline(std::chrono::seconds(20));
        one.add("INSERT INTO marks VALUES ($1)", mark);
        written += other.submit("orders", one).outcome == outcome::committed ? 1 : 0;
    }
    const auto marks = shared_postgres().exec("SELECT count(*), count(DISTINCT mark) FROM marks", right.database());
    CHECK(marks[0][0].as<int>() == written);
    CHECK(marks[0][1].as<int>() == written);
    CHECK(written > 0);

    // Three nodes, whose pauses are at least 0.5, 1, 2, 4 … s: in t seconds one has at most log2(2 t + 1) whole ones,
    // and is fenced off once more than that.
    const std::chrono::duration<double> within = std::chrono::steady_clock::now() - begun;
    CHECK(fence_of(right) - before <= 3 * (2 + std::log2(2 * within.count() + 1)));
}

}  // namespace penholder::testing
