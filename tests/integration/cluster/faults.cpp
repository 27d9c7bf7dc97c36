// Every promise under its plain fault, in one process; faults that need a process to die are in sidecar tests.
#include "cluster.hpp"
#include "load.hpp"
#include "proxied_cluster.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder::testing {

using namespace std::chrono_literals;

namespace {

/// Nothing lost, doubled or forged, and nothing refused.
void check_whole(load& writers, postgres_server& server, const std::string& database) {
    writers.stop();
    INFO((writers.reasons().empty() ? "" : writers.reasons().front()));
    CHECK(writers.rejected() == 0);
    CHECK(writers.unknown() == 0);
    CHECK(writers.audit(server, database) == "");
}

}  // namespace

TEST_CASE("ZooKeeper down is not writes down, and its return changes nothing") {
    zookeeper_ensemble ensemble;
    cluster three({.nodes = 3, .hosts = ensemble.connect_string()});
    load::prepare(shared_postgres(), three.database());
    const auto leader = three.wait_for_leader();
    const auto term = three[leader].status("orders").now.term;
    load writers("orders", false);
    for (std::size_t i = 0; i < 3; ++i) writers.add_writers(three[i], 4);
    writers.wait_for_more();
    ensemble.stop();
    wait_until(
        "the leader has lost sight of the ensemble",
        [&] { return three[leader].status("orders").now.role == role::suspended; }, limit::leadership);
    writers.wait_for_more(500);
    ensemble.start();
    wait_until(
        "somebody serves again", [&] { return three.leader().has_value(); }, limit::recovery);
    writers.wait_for_more();
    check_whole(writers, shared_postgres(), three.database());
    CHECK(three[three.wait_for_leader()].status("orders").now.term >= term);
}

TEST_CASE("one ZooKeeper server down is nothing to writers") {
    zookeeper_ensemble ensemble;
    cluster two({.nodes = 2, .hosts = ensemble.connect_string()});
    load::prepare(shared_postgres(), two.database());
    two.wait_for_leader();
    load writers("orders", false);
    writers.add_writers(two[0], 4);
    writers.add_writers(two[1], 4);
    for (std::size_t i = 0; i < 3; ++i) {
        ensemble[i].kill();
        writers.wait_for_more(200);
        ensemble[i].start();
        ensemble.wait_for_quorum(3);
    }
    check_whole(writers, shared_postgres(), two.database());
}

TEST_CASE("a restart of PostgreSQL is a pause, not an error") {
    postgres_server server;
    server.create_database("orders");
    cluster three({.nodes = 3, .conninfo = server.conninfo("orders")});
    load::prepare(server, "orders");
    three.wait_for_leader();
    load writers("orders", false);
    for (std::size_t i = 0; i < 3; ++i) writers.add_writers(three[i], 4);
    for (int round = 0; round < 3; ++round) {
        writers.wait_for_more();
        if (round == 0) server.restart();
        if (round == 1) server.stop_immediate();
        if (round == 2) server.kill();
        if (round > 0) server.start();
    }
    writers.wait_for_more();
    check_whole(writers, server, "orders");
}

TEST_CASE("the promotion of a synchronous standby loses nothing") {
    postgres_server primary;
    primary.create_database("orders");
    const auto standby = primary.standby();
    primary.exec("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.exec("SELECT pg_reload_conf()");
    const auto ports = std::to_string(primary.port()) + "," + std::to_string(standby->port());
    cluster two({.nodes = 2, .conninfo = "host=127.0.0.1,127.0.0.1 port=" + ports + " dbname=orders user=postgres"});
    load::prepare(primary, "orders");
    two.wait_for_leader();
    load writers("orders", true);
    writers.add_writers(two[0], 4);
    writers.add_writers(two[1], 4);
    writers.wait_for_more();
    primary.kill();
    standby->promote();
    writers.wait_for_more();
    check_whole(writers, *standby, "orders");
}

TEST_CASE("backends that are terminated under load lose and double nothing") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    two.wait_for_leader();
    load writers("orders", true);
    writers.add_writers(two[0], 8);
    writers.add_writers(two[1], 8);
    for (int round = 0; round < 10; ++round) {
        writers.wait_for_more(50);
        shared_postgres().exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                               two.database() + "' AND pid <> pg_backend_pid()");
        writers.wait_for_everyone();  // What loses its connection twice is blamed, and rightly so.
    }
    writers.wait_for_more();
    check_whole(writers, shared_postgres(), two.database());
}

TEST_CASE("a link cut again and again loses and doubles nothing") {
    proxied_cluster three(3);
    load::prepare(shared_postgres(), three.nodes.database());
    const auto leader = three.nodes.wait_for_leader();
    load writers("orders", false);
    for (std::size_t i = 0; i < 3; ++i) {
        if (i != leader) writers.add_writers(three.nodes[i], 8);
    }
    for (int round = 0; round < 10; ++round) {
        writers.wait_for_more(50);
        if (round % 2 == 0) {
            three.proxies[leader]->cut();
        } else {
            three.proxies[leader]->swallow_replies();  // Applied, and nobody hears of it.
            wait_until("a reply was held", [&] { return three.proxies[leader]->held(direction::to_client) > 0; });
            three.proxies[leader]->cut();
            three.proxies[leader]->release(direction::to_client);
        }
    }
    writers.wait_for_more();
    check_whole(writers, shared_postgres(), three.nodes.database());
}

TEST_CASE("a leader that falls silent on the link is noticed by pings") {
    proxied_cluster two(2);
    load::prepare(shared_postgres(), two.nodes.database());
    const auto leader = two.nodes.wait_for_leader();
    two.proxies[leader]->hold_everything();
    wait_until("the link is down", [&] { return !two.nodes[1 - leader].status("orders").link_connected; });
    write one;
    one.add("INSERT INTO marks VALUES ('late')").expect_rows(1);
    one.deadline(300ms);
    const auto got = two.nodes[1 - leader].submit("orders", std::move(one));
    CHECK(got.outcome == outcome::rejected);
    two.proxies[leader]->cut();
    two.proxies[leader]->release_everything();
    wait_until("the link is back", [&] { return two.nodes[1 - leader].status("orders").link_connected; });
}

TEST_CASE("a connection cut between COMMIT and its reply doubles nothing") {
    tcp_proxy proxy(shared_postgres().port());
    shared_postgres().create_database("behind_proxy");
    const auto direct = shared_postgres().conninfo_tcp("behind_proxy");
    REQUIRE(direct.find("port=" + std::to_string(shared_postgres().port())) != std::string::npos);
    auto through = direct;
    const auto port = "port=" + std::to_string(shared_postgres().port());
    through.replace(through.find(port), port.size(), "port=" + std::to_string(proxy.port()));
    cluster two({.nodes = 2, .conninfo = through});
    load::prepare(shared_postgres(), "behind_proxy");
    two.wait_for_leader();
    load writers("orders", false);
    writers.add_writers(two[0], 8);
    writers.add_writers(two[1], 8);
    for (std::size_t round = 0; round < 12; ++round) {
        writers.wait_for_more(50);
        proxy.swallow_replies(round * 97);  // Sometimes in the middle of a batch, sometimes after its COMMIT.
        wait_until("a reply was held", [&] { return proxy.held(direction::to_client) > 0; });
        proxy.cut();
        proxy.release(direction::to_client);
    }
    writers.wait_for_more();
    check_whole(writers, shared_postgres(), "behind_proxy");
}

TEST_CASE("a database that is not there at the start is waited for") {
    postgres_server server;
    server.create_database("orders");
    load::prepare(server, "orders");
    cluster none({.nodes = 0, .conninfo = server.conninfo("orders")});
    server.stop();
    auto& alone = none.add(none.node_options(0));
    wait_until("it says what it waits for", [&] { return !alone.status("orders").trouble.empty(); });
    CHECK_FALSE(alone.leads("orders"));
    server.start();
    wait_until(
        "it leads", [&] { return alone.leads("orders"); }, limit::leadership);
    write one;
    one.add("INSERT INTO marks VALUES ('at last')");
    CHECK(alone.submit("orders", std::move(one)).outcome == outcome::committed);
}

TEST_CASE("a database without the schema is named, with what to do") {
    cluster none({.nodes = 0, .initialise = false});
    auto& alone = none.add(none.node_options(0));
    wait_until("it says so",
               [&] { return alone.status("orders").trouble.find("penholder init") != std::string::npos; });
    CHECK_FALSE(alone.leads("orders"));
}

TEST_CASE("an ensemble that is not there at the start is waited for") {
    zookeeper_server late;
    late.stop();
    cluster one({.nodes = 1, .hosts = late.connect_string()});
    CHECK(one[0].status("orders").now.role == role::offline);
    late.start();
    CHECK(one.wait_for_leader() == 0);
}

TEST_CASE("a second live node of the same name is refused and the first is left alone") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    const auto leader = two.wait_for_leader();
    auto& twin = two.add(two.node_options(leader));
    wait_until("the twin says so", [&] { return twin.status("orders").trouble.find("orders-") != std::string::npos; });
    CHECK(two[leader].leads("orders"));
    CHECK_FALSE(twin.leads("orders"));
}

TEST_CASE("nodes with another secret are refused, and say so") {
    cluster one({.nodes = 1});
    load::prepare(shared_postgres(), one.database());
    one.wait_for_leader();
    auto settings = one.node_options(1);
    settings.link.secret = "not theirs";
    auto& stranger = one.add(settings);
    wait_until("it is told", [&] { return stranger.status("orders").trouble.find("secret") != std::string::npos; });
    write write_of_stranger;
    write_of_stranger.add("INSERT INTO marks VALUES ('no')");
    write_of_stranger.deadline(300ms);
    CHECK(stranger.submit("orders", std::move(write_of_stranger)).outcome == outcome::rejected);
}

TEST_CASE("a database restored from a backup with an older fence, or an ensemble that was wiped, heals itself") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    two.wait_for_leader();
    for (int round = 0; round < 3; ++round) two[0].handover("orders", "");
    const auto before = shared_postgres().exec("SELECT max(term) FROM penholder.fence", two.database())[0][0].as<int>();
    two.remove(0);
    two.remove(1);
    cluster reborn(
        {.nodes = 1, .conninfo = two.conninfo(), .initialise = false});  // A root of its own: nothing is known.
    reborn.wait_for_leader();
    CHECK(shared_postgres().exec("SELECT max(term) FROM penholder.fence", two.database())[0][0].as<int>() > before);
}

}  // namespace penholder::testing
