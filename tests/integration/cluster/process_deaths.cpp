// What is proof of a leader's death and what is not: real sidecars killed and frozen, and deaths that are forged.
#include "load.hpp"
#include "proxied_cluster.hpp"
#include "sidecars.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

/// The last term as a sidecar tells it.
boost::json::object last_term(sidecar& asked) {
    const auto answer = http_client(asked.http_port()).get("/v1/groups/orders/history");
    return answer.body.at("terms").as_array().back().as_object();
}

/// So many more writes are answered by `node`, and the other one has asked the ensemble for something since: what it
/// had decided before, it has done.
void let_time_pass(running_node& node, running_node& other) {
    for (int i = 0; i < 50; ++i) {
        write one;
        one.add("SELECT 1");
        REQUIRE(node.submit("orders", std::move(one)).outcome == outcome::committed);
    }
    other.history("orders");
}

}  // namespace

TEST_CASE("a killed leader is followed long before its session ends, and may come back at once") {
    sidecars three("on_process_death", 30000);
    const auto leader = three.wait_for_leader();
    three.wait_for_links(leader);
    const auto session = three.leaders_session();
    three.all[leader]->kill();
    const auto next = three.wait_for_leader(limit::leadership, leader);
    CHECK(shared_zookeeper().has_session(session));
    const auto term = last_term(*three.all[next]);
    CHECK(term.at("began") == "takeover");
    CHECK_THAT(std::string(term.at("evidence").as_string()), ContainsSubstring("refuses connections"));
    CHECK_THAT(three.all[next]->log(), ContainsSubstring("leader_evicted group="));
    three.all[leader]->start();
    wait_until("the killed one follows", [&] { return three.all[leader]->role() == "follower"; });
}

TEST_CASE("where takeovers wait for sessions, a killed leader is followed when its session has ended") {
    sidecars three("session_takeover", 4000, "takeover = \"on_session_expiry\"\n");
    const auto leader = three.wait_for_leader();
    three.wait_for_links(leader);
    const auto session = three.leaders_session();
    REQUIRE(shared_zookeeper().has_session(session));
    three.all[leader]->kill();
    const auto next = three.wait_for_leader(limit::leadership, leader);
    CHECK_FALSE(shared_zookeeper().has_session(session));
    CHECK(last_term(*three.all[next]).at("evidence") == "");
    CHECK_THAT(three.all[next]->log(), ContainsSubstring("takeover waits for sessions to end"));
}

TEST_CASE("a frozen leader is not evicted before its session ends") {
    sidecars three("frozen_leader", 5000);
    const auto leader = three.wait_for_leader();
    three.wait_for_links(leader);
    const auto session = three.leaders_session();
    REQUIRE(shared_zookeeper().has_session(session));
    three.all[leader]->running().send(SIGSTOP);
    const auto next = three.wait_for_leader(limit::leadership, leader);
    CHECK_FALSE(shared_zookeeper().has_session(session));
    CHECK(last_term(*three.all[next]).at("evidence") == "");
    three.all[leader]->running().send(SIGCONT);
}

TEST_CASE("a forged process death costs a change of leader and no write") {
    proxied_cluster three(3, 30000);
    auto& nodes = three.nodes;
    load::prepare(shared_postgres(), nodes.database());
    const auto leader = nodes.wait_for_leader();
    const auto term = nodes[leader].status("orders").now.term;
    load writers("orders", false);
    for (std::size_t i = 0; i < 3; ++i) writers.add_writers(nodes[i], 3);
    writers.wait_for_more();
    three.proxies[leader]->refuse();
    wait_until(
        "another one leads", [&] { return nodes.leader().value_or(leader) != leader; }, limit::leadership);
    wait_until(
        "the evicted leader follows", [&] { return nodes[leader].status("orders").now.role == role::follower; },
        limit::leadership);
    writers.wait_for_more();
    writers.stop();
    INFO((writers.reasons().empty() ? "" : writers.reasons().front()));
    CHECK(writers.rejected() == 0);
    CHECK(writers.unknown() == 0);
    CHECK(writers.audit(shared_postgres(), nodes.database()) == "");
    const auto next = nodes.wait_for_leader();
    CHECK(nodes[next].status("orders").now.term == term + 1);
    CHECK(nodes[next].status("orders").evictions == 1);
    CHECK(nodes[next].status("orders").members.size() == 3);
}

TEST_CASE("after as many evictions as are allowed, the session decides") {
    proxied_cluster two(2, 30000, [](group_options& group) { group.takeover_max_evictions = 1; });
    auto& nodes = two.nodes;
    const auto leader = nodes.wait_for_leader();
    const auto other = 1 - leader;
    two.proxies[leader]->refuse();
    wait_until(
        "the other one leads", [&] { return nodes.leader() == other; }, limit::leadership);
    two.proxies[leader]->accept();
    wait_until(
        "the one that was evicted has enrolled anew", [&] { return nodes[other].status("orders").members.size() == 2; },
        limit::leadership);
    nodes[other].handover("orders", nodes.name(leader));
    nodes.wait_for_leader();
    REQUIRE(nodes.leader() == leader);
    const auto term = nodes[leader].status("orders").now.term;
    two.proxies[leader]->refuse();
    wait_until(
        "the second death is noticed", [&] { return nodes[other].status("orders").process_deaths == 2; },
        limit::leadership);
    let_time_pass(nodes[leader], nodes[other]);
    CHECK(nodes[leader].status("orders").now.term == term);
    CHECK(nodes[leader].status("orders").now.role == role::serving);
    CHECK(nodes[other].status("orders").evictions == 1);

    two.proxies[leader]->accept();
    wait_until(
        "the leader is heard again", [&] { return nodes[other].status("orders").link_connected; }, limit::leadership);
    two.proxies[leader]->refuse();
    wait_until(
        "its death is noticed once more", [&] { return nodes[other].status("orders").process_deaths == 3; },
        limit::leadership);
    let_time_pass(nodes[leader], nodes[other]);
    CHECK(nodes[leader].status("orders").now.term == term);
}

}  // namespace penholder::testing
