// What is proof of a leader's death and what is not: real sidecars killed and frozen, and process_deaths that are
// forged.
#include "load.hpp"
#include "proxied_cluster.hpp"
#include "sidecars.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>
#include <thread>

namespace penholder::testing {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

using clock = std::chrono::steady_clock;

/// The last term as a sidecar tells it.
boost::json::object last_term(sidecar& asked) {
    const auto answer = http_client(asked.http_port()).get("/v1/groups/orders/history");
    return answer.body.at("terms").as_array().back().as_object();
}

/// Every follower has its link to the leader: only such a link can tell of a death.
void wait_for_links(sidecars& among, std::size_t leader) {
    wait_until(
        "every follower is linked",
        [&] {
            for (std::size_t i = 0; i < among.all.size(); ++i) {
                const auto status = among.all[i]->status();
                const auto* fields = status.if_object();
                const auto* linked = fields != nullptr ? fields->if_contains("link_connected") : nullptr;
                if (i != leader && (linked == nullptr || !linked->get_bool())) return false;
            }
            return true;
        },
        20s);
}

bool somebody_else_leads(sidecars& among, std::size_t leader) {
    for (std::size_t i = 0; i < among.all.size(); ++i) {
        if (i != leader && among.leads(i)) return true;
    }
    return false;
}

/// Nobody else than `leader` leads for so long.
bool stays(sidecars& among, std::size_t leader, std::chrono::milliseconds length) {
    const auto end = clock::now() + length;
    while (clock::now() < end) {
        if (somebody_else_leads(among, leader)) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

void wait_for_more(const load& writers, std::size_t more = 100) {
    const auto before = writers.committed();
    wait_until(
        "writes go on", [&] { return writers.committed() > before + more; }, 30s);
}

}  // namespace

TEST_CASE("a killed leader is followed long before its session ends, and may come back at once") {
    sidecars three("on_process_death", 30000);
    const auto leader = three.wait_for_leader();
    wait_for_links(three, leader);
    const auto killed_at = clock::now();
    three.all[leader]->kill();
    const auto next = three.wait_for_leader(15s, leader);
    CHECK(clock::now() - killed_at < 10s);  // The session would have lived for 30 s.
    const auto term = last_term(*three.all[next]);
    CHECK(term.at("began") == "takeover");
    CHECK_THAT(std::string(term.at("evidence").as_string()), ContainsSubstring("refuses connections"));
    CHECK_THAT(three.all[next]->log(), ContainsSubstring("leader_evicted group="));
    three.all[leader]->start();
    wait_until(
        "the killed one follows", [&] { return three.all[leader]->role() == "follower"; }, 10s);
}

TEST_CASE("where takeovers wait for sessions, a killed leader is followed when its session has ended") {
    sidecars three("session_takeover", 4000, "takeover = \"on_session_expiry\"\n");
    const auto leader = three.wait_for_leader();
    wait_for_links(three, leader);
    three.all[leader]->kill();
    CHECK(stays(three, leader, 1500ms));
    const auto next = three.wait_for_leader(20s, leader);
    CHECK(last_term(*three.all[next]).at("evidence") == "");
    CHECK_THAT(three.all[next]->log(), ContainsSubstring("takeover waits for sessions to end"));
}

TEST_CASE("a frozen leader is not evicted before its session ends") {
    sidecars three("frozen_leader", 5000);
    const auto leader = three.wait_for_leader();
    wait_for_links(three, leader);
    three.all[leader]->running().send(SIGSTOP);
    CHECK(stays(three, leader, 3000ms));
    const auto next = three.wait_for_leader(20s, leader);
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
    wait_for_more(writers);
    three.proxies[leader]->refuse();
    wait_until(
        "another one leads", [&] { return nodes.leader() && *nodes.leader() != leader; }, 15s);
    wait_until(
        "the evicted leader follows", [&] { return nodes[leader].status("orders").now.role == role::follower; }, 15s);
    wait_for_more(writers);
    writers.stop();
    INFO((writers.reasons().empty() ? "" : writers.reasons().front()));
    CHECK(writers.rejected() == 0);
    CHECK(writers.unknown() == 0);
    CHECK(writers.audit(shared_postgres(), nodes.database()) == "");
    const auto next = *nodes.leader();
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
        "the other one leads", [&] { return nodes.leader() == other; }, 15s);
    two.proxies[leader]->accept();
    wait_until(
        "the one that was evicted has enrolled anew", [&] { return nodes[other].status("orders").members.size() == 2; },
        15s);
    nodes[other].handover("orders", nodes.name(leader));
    nodes.wait_for_leader();
    REQUIRE(nodes.leader() == leader);
    const auto term = nodes[leader].status("orders").now.term;
    two.proxies[leader]->refuse();
    wait_until(
        "the second death is noticed", [&] { return nodes[other].status("orders").process_deaths == 2; }, 15s);
    std::this_thread::sleep_for(500ms);
    CHECK(nodes[leader].status("orders").now.term == term);
    CHECK(nodes[leader].status("orders").now.role == role::serving);
    CHECK(nodes[other].status("orders").evictions == 1);

    two.proxies[leader]->accept();
    wait_until(
        "the leader is heard again", [&] { return nodes[other].status("orders").link_connected; }, 15s);
    two.proxies[leader]->refuse();
    wait_until(
        "its death is noticed once more", [&] { return nodes[other].status("orders").process_deaths == 3; }, 15s);
    CHECK(nodes[leader].status("orders").now.term == term);
}

}  // namespace penholder::testing
