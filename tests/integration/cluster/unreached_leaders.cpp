// Leaders to which nobody can link: an advertised address where nobody listens, and one behind which all falls silent.
#include "proxied_cluster.hpp"
#include "support/patience.hpp"

#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

/// Whose links are supervised closely.
options reachable_options(const cluster& of, std::size_t index) {
    auto settings = of.node_options(index);
    settings.link.ping_interval_ms = 100;
    settings.link.silence_timeout_ms = 500;
    return settings;
}

/// What it advertises is loopback too, and nobody listens there.
options unreachable_options(const cluster& of, std::size_t index, int priority = 0) {
    auto settings = reachable_options(of, index);
    const auto port = std::to_string(free_port());
    settings.link.listen = "127.0.0.1:" + port;
    settings.link.advertise = "127.0.0.9:" + port;
    settings.groups.front().priority = priority;
    return settings;
}

std::future<receipt> begin_write(running_node& at, const std::string& mark) {
    write one(mark);
    one.deadline(std::chrono::seconds(30));
    one.add("INSERT INTO marks VALUES ($1)", mark);
    return at.get().submit("orders", std::move(one), boost::asio::use_future);
}

void make_marks(const cluster& in) {
    shared_postgres().exec("CREATE TABLE marks (mark text PRIMARY KEY)", in.database());
}

int count_marks(const cluster& in) {
    return shared_postgres().exec("SELECT count(*) FROM marks", in.database())[0][0].as<int>();
}

}  // namespace

TEST_CASE("a leader that advertises where nobody listens hands over, and writes through every node commit") {
    cluster nodes({.nodes = 0});
    make_marks(nodes);
    auto& first = nodes.add(unreachable_options(nodes, 0, 10));
    wait_until(
        "the first node leads", [&] { return first.leads("orders"); }, limit::leadership);
    for (std::size_t index : {1U, 2U}) nodes.add(reachable_options(nodes, index));
    std::vector<std::future<receipt>> all;
    for (std::size_t index = 0; index < 3; ++index) {
        all.push_back(begin_write(nodes[index], "mark-" + std::to_string(index)));
    }
    const auto leader = nodes.wait_for_leader();
    CHECK(leader != 0);
    for (auto& each : all) CHECK(each.get().outcome == outcome::committed);
    CHECK(count_marks(nodes) == 3);
    CHECK(nodes[leader].status("orders").now.term == 2);

    // For all its priority, it stands behind the others now.
    nodes.remove(leader);
    const auto next = nodes.wait_for_leader();
    CHECK(next != 0);
    CHECK(nodes[next].status("orders").now.term == 3);
}

TEST_CASE("a leader behind which all falls silent says so, and hands over to one that is reached") {
    proxied_cluster three(3);
    auto& nodes = three.nodes;
    make_marks(nodes);
    const auto leader = nodes.wait_for_leader();
    three.proxies[leader]->hold_everything();
    const auto follower = (leader + 1) % 3;
    auto waits = begin_write(nodes[follower], "waits");
    wait_until(
        "another one leads", [&] { return nodes.leader().value_or(leader) != leader; }, limit::leadership);
    CHECK(waits.get().outcome == outcome::committed);
    CHECK(nodes.wait_for_leader() != leader);
    CHECK(begin_write(nodes[leader], "through-the-one-before").get().outcome == outcome::committed);
    CHECK(nodes[follower].history("orders").back().began == "handover");
}

TEST_CASE("where no node can be reached, leadership comes to rest, and the leader says why nobody follows") {
    cluster nodes({.nodes = 0});
    make_marks(nodes);
    const auto begun = std::chrono::steady_clock::now();
    for (std::size_t index = 0; index < 3; ++index) nodes.add(unreachable_options(nodes, index));
    const auto term_now = [&] {
        const auto leader = nodes.leader();
        return leader ? nodes[*leader].status("orders").now.term : 0;
    };
    std::string trouble;
    wait_until(
        "all have led, and the last one says what is wrong",
        [&] {
            const auto leader = nodes.leader();
            if (!leader || term_now() < 3) return false;
            trouble = nodes[*leader].status("orders").trouble;
            return trouble.find("nobody has linked") != std::string::npos;
        },
        limit::recovery);
    CHECK_THAT(trouble, ContainsSubstring("127.0.0.9:"));
    CHECK_THAT(trouble, ContainsSubstring("[link] advertise"));
    const auto leader = nodes.leader().value();
    CHECK_FALSE(nodes[(leader + 1) % 3].status("orders").trouble.empty());
    CHECK(begin_write(nodes[leader], "through-the-leader").get().outcome == outcome::committed);

    // A node that was not reached is no heir for at least 30, 60, 120 … s. In ten seconds it is told of it twice more.
    (void)eventually([&] { return nodes.leader() != leader; }, std::chrono::seconds(10));
    const std::chrono::duration<double> within = std::chrono::steady_clock::now() - begun;
    const auto turns = 1 + static_cast<std::uint64_t>(std::log2(1 + within.count() / 30));
    CHECK(nodes[leader].history("orders").back().number <= 3 * turns);
}

}  // namespace penholder::testing
