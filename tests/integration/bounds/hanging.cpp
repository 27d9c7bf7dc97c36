// A database that takes connections and answers nothing: as a server that was stopped, or a network that swallows.
#include "integration/cluster/cluster.hpp"
#include "integration/cluster/load.hpp"
#include "paced_load.hpp"
#include "postgres/schema.hpp"
#include "support/patience.hpp"
#include "support/tcp_proxy.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <future>
#include <set>
#include <string>

namespace penholder::testing {

using namespace std::chrono_literals;

namespace {

void fill(write& what, const std::string& mark) {
    what.add("INSERT INTO marks VALUES ($1)", mark);
}

/// A server of its own, so that stopping it disturbs no other test, and two nodes.
struct stoppable_pair {
    stoppable_pair() {
        REQUIRE(postgres::init_schema(server.conninfo()).has_value());
        server.exec("CREATE TABLE marks (mark text NOT NULL)");
        for (std::size_t i = 0; i < 2; ++i) {
            auto settings = nodes.node_options(i);
            settings.groups[0].connect_timeout_ms = 1000;
            nodes.add(std::move(settings));
        }
        nodes.wait_for_leader();
    }

    postgres_server server;
    cluster nodes{{.nodes = 0, .conninfo = server.conninfo(), .initialise = false}};
};

}  // namespace

TEST_CASE("a database that hangs: writes are answered by their deadlines, and go on when it wakes") {
    stoppable_pair on;
    paced_load load({&on.nodes[0], &on.nodes[1]}, 1500ms);
    load.statements = &fill;
    load.run(50, 1s);
    on.server.pause();
    load.run(50, 6s);
    auto lost = std::async(std::launch::async, [&] { return on.nodes[0].find("orders", "no such write"); });
    CHECK(lost.wait_for(patience(limit::answer)) == std::future_status::ready);
    CHECK_THROWS(lost.get());
    on.server.resume();
    wait_until(
        "writes go on",
        [&] {
            write probe;
            fill(probe, "probe");
            probe.deadline(1s);
            return on.nodes[1].submit("orders", probe).outcome == outcome::committed;
        },
        limit::writes);
    load.run(50, 1s);
    REQUIRE(load.wait_for_answers(limit::answer));

    const auto answers = load.answers();
    CHECK(std::ranges::max(answers, {}, &paced_load::answered::after).after < 1500ms + patience(limit::grace));
    CHECK(std::all_of(answers.end() - 40, answers.end(),
                      [](const auto& one) { return one.outcome == outcome::committed; }));
    const auto found = on.server.exec("SELECT mark FROM marks WHERE mark <> 'probe'");
    std::set<std::string> marks;
    for (const auto& row : found) CHECK(marks.insert(row[0].c_str()).second);
    for (const auto& one : answers) {
        if (one.outcome == outcome::committed) CHECK(marks.contains(one.mark));
        if (one.outcome == outcome::rejected) CHECK_FALSE(marks.contains(one.mark));
    }
    CHECK(on.nodes[0].status("orders").pending_writes == 0);
    CHECK(on.nodes[1].status("orders").pending_writes == 0);
}

TEST_CASE("nodes whose database hangs can be stopped") {
    auto on = std::make_unique<stoppable_pair>();
    paced_load load({&on->nodes[0], &on->nodes[1]}, 1s);
    load.statements = &fill;
    load.run(50, 500ms);
    on->server.pause();
    load.run(50, 1s);
    REQUIRE(load.wait_for_answers(1s + limit::grace));
    auto stopped = std::async(std::launch::async, [&] {
        on->nodes.remove(0);
        on->nodes.remove(1);
    });
    CHECK(stopped.wait_for(patience(limit::recovery)) == std::future_status::ready);
    on->server.resume();
}

TEST_CASE("a leader alone cut off from its database steps aside for one that is not") {
    cluster nodes{{.nodes = 0}};
    load::prepare(shared_postgres(), nodes.database());
    tcp_proxy network(shared_postgres().port());
    auto cut_off = nodes.node_options(0);
    cut_off.groups[0].database =
        "host=127.0.0.1 user=postgres port=" + std::to_string(network.port()) + " dbname=" + nodes.database();
    cut_off.groups[0].connect_timeout_ms = 1000;
    cut_off.groups[0].priority = 1;
    nodes.add(std::move(cut_off));
    wait_until("the first node leads", [&] { return nodes[0].leads("orders"); });
    nodes.add(nodes.node_options(1));
    REQUIRE(nodes.wait_for_leader() == 0);
    load writers("orders", false);
    writers.add_writers(nodes[0], 4);
    writers.add_writers(nodes[1], 4);
    wait_until("writes are committed", [&] { return writers.committed() > 100; });
    network.hold_everything();
    wait_until(
        "the other one leads", [&] { return nodes[1].leads("orders"); }, limit::recovery);
    writers.wait_for_more();
    writers.stop();
    INFO((writers.reasons().empty() ? "" : writers.reasons().front()));
    CHECK(writers.rejected() == 0);
    CHECK(writers.unknown() == 0);
    CHECK(writers.audit(shared_postgres(), nodes.database()) == "");
    network.cut();
    network.release_everything();
}

}  // namespace penholder::testing
