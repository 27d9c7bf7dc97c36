#include "candidate_node.hpp"
#include "election/paths.hpp"
#include "support/tcp_proxy.hpp"
#include "support/zookeeper_server.hpp"
#include "zookeeper/eviction.hpp"
#include "zookeeper/group_view.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;

namespace {

const election::group_paths orders("/penholder", "orders");

/// The answer to a call that completes with a result.
template <class T>
result<T> outcome_of(rig& here, const std::function<void(std::function<void(result<T>)>)>& start) {
    auto told = std::make_shared<std::optional<result<T>>>();
    start([told](result<T> outcome) { *told = std::move(outcome); });
    if (!here.until([&] { return told->has_value(); })) throw std::runtime_error("a call was not answered");
    return **told;
}

result<leadership> hand_over(rig& here, candidate_node& asked, const std::string& heir,
                             std::chrono::milliseconds within = 5s) {
    return outcome_of<leadership>(here, [&](auto done) { asked->handover(heir, within, std::move(done)); });
}

result<> pause(rig& here, candidate_node& asked, bool on) {
    return outcome_of<void>(here, [&](auto done) { asked->pause(on, std::move(done)); });
}

std::vector<term_record> history_of(rig& here, candidate_node& asked) {
    return *outcome_of<std::vector<term_record>>(here, [&](auto done) { asked->history(std::move(done)); });
}

}  // namespace

TEST_CASE("two nodes elect one leader, and the next when it stops") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a") && b.node.members.size() == 2; }));
    CHECK(b.node.now().endpoint == "a:7431");
    CHECK_FALSE(b.node->leader_since().empty());
    bool stopped = false;
    a.node->stop([&] { stopped = true; });
    REQUIRE(here.until([&] { return stopped && b.node.serves(); }));
    CHECK(a.node.drained.empty());  // Its heir took over while it served.
    CHECK(b.node.now().term == 2);
    const auto terms = history_of(here, b.node);
    REQUIRE(terms.size() == 2);
    CHECK(terms[0].began == "election");
    CHECK(terms[1].began == "handover");
    CHECK_FALSE(terms[1].since.empty());
    CHECK(here.until([&] { return b.node.members.size() == 1; }));

    b.node->stop([&] { stopped = false; });
    REQUIRE(here.until([&] { return !stopped; }));
    CHECK(b.node.drained == std::vector<std::uint64_t>{2});  // It had none.
}

TEST_CASE("a leader whose session has expired is followed by another, and comes back as a follower") {
    zookeeper_server server;
    tcp_proxy network(server.port());
    rig here;
    lone_node a(here, network.endpoint(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    network.refuse();
    REQUIRE(here.until([&] { return b.node.serves(); }));
    CHECK(b.node.now().term == 2);
    CHECK(a.node.now().role == role::suspended);
    network.accept();
    REQUIRE(here.until([&] { return a.node.follows("b"); }));
    CHECK(history_of(here, b.node).back().began == "takeover");
}

TEST_CASE("a leader that reconnects within its session makes no create and no delete") {
    zookeeper_server server;
    tcp_proxy network(server.port());
    rig here;
    lone_node a(here, network.endpoint(), "a", {}, 4000);
    REQUIRE(here.until([&] { return a.node.serves(); }));
    const auto looker = here.connect(server.connect_string());
    const auto created = [&](const std::string& path) {
        const auto read = here.ask<zookeeper::stat>([&](auto done) { looker->exists(path, false, std::move(done)); });
        return read ? read->created : 0;
    };
    const auto leader = created(orders.leader);
    const auto member = created(orders.member("a"));
    network.cut();
    const auto suspended = [](const leadership& each) { return each.role == role::suspended; };
    REQUIRE(here.until([&] { return std::ranges::any_of(a.node.told, suspended); }));
    REQUIRE(here.until([&] { return a.node.serves(); }));
    CHECK(a.node.now().term == 1);
    CHECK(created(orders.leader) == leader);
    CHECK(created(orders.member("a")) == member);
    CHECK(history_of(here, a.node).size() == 1);
}

TEST_CASE("an ensemble that stops and starts again finds the same leader, which wrote on") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a", {}, 5000);
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b", {}, 5000);
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    server.stop();
    REQUIRE(here.until([&] { return a.node.now().role == role::suspended; }));
    CHECK(a.node.now().is_leader());
    CHECK(b.node.follows("a"));
    server.start();
    REQUIRE(here.until([&] { return a.node.serves() && b.session->connected(); }));
    CHECK(a.node.now().term == 1);
    for (const auto& each : a.node.told) CHECK(each.role != role::offline);
}

TEST_CASE("parents that somebody deletes at run time are made again") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    const auto vandal = here.connect(server.connect_string());
    for (int round = 0; round < 5 && here.exists(*vandal, orders.group); ++round) {
        here.remove_tree(*vandal, orders.group);
    }
    REQUIRE(here.until(
        [&] { return (a.node.serves() && b.node.follows("a")) || (b.node.serves() && a.node.follows("b")); }));
    CHECK(std::max(a.node.now().term, b.node.now().term) > 1);
    CHECK(here.until([&] { return a.node.members.size() == 2; }));
}

TEST_CASE("a second live node of the same name is refused and says so") {
    zookeeper_server server;
    rig here;
    auto first = std::make_unique<lone_node>(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return first->node.serves(); }));
    lone_node second(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return second.node.trouble().has_value(); }));
    CHECK(second.node.trouble()->code == errc::name_taken);
    CHECK(second.node.now().role == role::offline);
    first.reset();
    REQUIRE(here.until([&] { return second.node.serves(); }));
    CHECK_FALSE(second.node.trouble().has_value());
}

TEST_CASE("a named heir takes over, asked for on any node") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    lone_node c(here, server.connect_string(), "c");
    REQUIRE(here.until([&] { return c.node.follows("a"); }));
    const auto next = hand_over(here, b.node, "c");
    REQUIRE(next.has_value());
    CHECK(next->leader == "c");
    CHECK(next->term == 2);
    REQUIRE(here.until([&] { return c.node.serves() && a.node.follows("c"); }));
    CHECK(hand_over(here, a.node, "nobody").error().code == errc::node_not_found);
    CHECK(hand_over(here, a.node, "c")->term == 2);  // It leads already.
    CHECK(hand_over(here, c.node, "").has_value());
}

TEST_CASE("only the leader resigns, and only when somebody can follow it") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    const auto resign = [&](candidate_node& who) {
        return outcome_of<leadership>(here, [&](auto done) { who->resign(5s, std::move(done)); });
    };
    CHECK(resign(a.node).error().code == errc::refused);
    CHECK(a.node.serves());
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    CHECK(resign(b.node).error().code == errc::not_leader);
    const auto next = resign(a.node);
    INFO((next ? std::string() : next.error().message));
    REQUIRE(next.has_value());
    CHECK(next->leader == "b");
}

TEST_CASE("a handover that takes longer than the caller waits is still in progress") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b", {"orders", 0, false, false});
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    auto code = errc::refused;  // Until everybody can see that b is eligible.
    for (int tries = 0; tries < 200 && code == errc::refused; ++tries) {
        code = hand_over(here, a.node, "b", 1ms).error().code;
    }
    CHECK(code == errc::in_progress);
    REQUIRE(here.until([&] { return a.node.serves() && a.node.now().term > 1; }));
}

TEST_CASE("a paused group elects nobody until it is resumed") {
    zookeeper_server server;
    rig here;
    auto a = std::make_unique<lone_node>(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a->node.serves(); }));
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    REQUIRE(pause(here, b.node, true).has_value());
    REQUIRE(here.until([&] { return b.node->paused() && a->node->paused(); }));
    CHECK(a->node.serves());
    CHECK(hand_over(here, b.node, "b").error().code == errc::paused);
    a.reset();
    REQUIRE(here.until([&] { return b.node.now().leader.empty(); }));
    CHECK_FALSE(here.until([&] { return b.node.serves(); }, 300ms));
    REQUIRE(pause(here, b.node, false).has_value());
    REQUIRE(here.until([&] { return b.node.serves(); }));
}

TEST_CASE("the highest priority follows, observers never") {
    zookeeper_server server;
    rig here;
    auto a = std::make_unique<lone_node>(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a->node.serves(); }));
    lone_node watcher(here, server.connect_string(), "watcher", {"orders", 9, true, true});
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    lone_node c(here, server.connect_string(), "c", {"orders", 5, false, true});
    REQUIRE(here.until([&] { return c.node.follows("a") && watcher.node.now().role == role::observer; }));
    a.reset();
    REQUIRE(here.until([&] { return c.node.serves() && b.node.follows("c"); }));
    CHECK(here.until([&] { return watcher.node.now().leader == "c" && watcher.node.now().role == role::observer; }));
}

TEST_CASE("a node whose fence cannot be raised lets another lead") {
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a", {"orders", 9, false, false});
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.serves(); }));
    CHECK(here.until([&] { return a.node.follows("b"); }));
    for (const auto& each : a.node.told) CHECK(each.role != role::serving);
}

TEST_CASE("many groups share one session") {
    zookeeper_server server;
    rig here;
    const auto left = here.connect(server.connect_string());
    const auto right = here.connect(server.connect_string());
    std::vector<std::unique_ptr<candidate_node>> nodes;
    for (int index = 0; index < 12; ++index) {
        const auto group = "group-" + std::to_string(index);
        nodes.push_back(std::make_unique<candidate_node>(*left, "a", taking_part{group, index % 2, false, true}));
        nodes.push_back(
            std::make_unique<candidate_node>(*right, "b", taking_part{group, (index + 1) % 2, false, true}));
    }
    const auto decided = [&](int index) {
        const auto& a = *nodes[static_cast<std::size_t>(2 * index)];
        const auto& b = *nodes[static_cast<std::size_t>(2 * index) + 1];
        return (a.serves() && b.follows("a")) || (b.serves() && a.follows("b"));
    };
    REQUIRE(here.until([&] {
        for (int index = 0; index < 12; ++index) {
            if (!decided(index)) return false;
        }
        return true;
    }));
}

TEST_CASE("garbage in znodes stops nobody who can be read") {
    zookeeper_server server;
    rig here;
    const auto vandal = here.connect(server.connect_string());
    here.ask<void>([&](auto done) { vandal->create_parents(orders.persistent(), std::move(done)); });
    here.write(*vandal, orders.terms, "{ not json");
    here.write(*vandal, orders.control, "[]");
    here.create(*vandal, orders.member("z"), "garbage");
    here.create(*vandal, orders.candidate("0000000000000001-0000000000"), "garbage");
    here.create(*vandal, orders.candidate("nonsense"), "garbage");
    lone_node a(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    CHECK(history_of(here, a.node).size() == 1);
    here.write(*vandal, orders.leader, "garbage");
    REQUIRE(here.until([&] {
        const auto view = here.await(zookeeper::read_group(*vandal, "/penholder", "orders"));
        return view && view->leader && view->leader->term == term{1};
    }));
    CHECK(a.node.serves());
}

TEST_CASE("a three-server ensemble that loses one server keeps its leader, and elects when that dies") {
    zookeeper_ensemble ensemble;
    rig here;
    auto a = std::make_unique<lone_node>(here, ensemble.connect_string(), "a", taking_part{}, 3000);
    REQUIRE(here.until([&] { return a->node.serves(); }));
    lone_node b(here, ensemble.connect_string(), "b", {}, 3000);
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    ensemble[ensemble.leader().value()].kill();
    ensemble.wait_for_quorum();
    REQUIRE(here.until([&] { return a->session->connected() && b.session->connected(); }));
    REQUIRE(here.until([&] { return a->node.serves(); }));
    CHECK(a->node.now().term == 1);
    a.reset();
    REQUIRE(here.until([&] { return b.node.serves(); }));
    CHECK(b.node.now().term == 2);
}

namespace {

/// A candidate of this node, with its path.
std::pair<std::string, zookeeper::znode> candidate_of(rig& here, zookeeper::session& with, const std::string& node) {
    const auto listed =
        here.ask<zookeeper::listing>([&](auto done) { with.children(orders.candidates, false, std::move(done)); });
    for (const auto& name : listed->names) {
        const auto path = orders.candidate(name);
        const auto read = here.ask<zookeeper::znode>([&](auto done) { with.get(path, false, std::move(done)); });
        if (read && election::decode_candidate(path, read->data)->node == node) return {path, *read};
    }
    throw std::runtime_error("there is no candidate of " + node);
}

}  // namespace

TEST_CASE("znodes that no session owns hold nobody up") {
    zookeeper_server server;
    rig here;
    const auto admin = here.connect(server.connect_string());
    std::optional<lone_node> a(std::in_place, here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a->node.serves(); }));
    const auto candidate = candidate_of(here, *admin, "a");
    const auto& path = candidate.first;
    const auto leader =
        here.ask<zookeeper::znode>([&](auto done) { admin->get(orders.leader, false, std::move(done)); });
    const auto self =
        here.ask<zookeeper::znode>([&](auto done) { admin->get(orders.member("a"), false, std::move(done)); });
    a.reset();
    REQUIRE(here.until([&] { return !here.exists(*admin, orders.leader) && !here.exists(*admin, path); }));
    for (const auto& [where, what] : {std::pair(path, candidate.second.data), std::pair(orders.leader, leader->data),
                                      std::pair(orders.member("a"), self->data)}) {
        REQUIRE(here.create(*admin, where, what).has_value());
    }

    lone_node b(here, server.connect_string(), "b");
    REQUIRE(here.until([&] { return b.node.serves() && b.node.members.size() == 1; }));
    CHECK(b.node.now().term == 2);
    a.emplace(here, server.connect_string(), "a");
    REQUIRE(here.until([&] { return a->node.follows("b") && b.node.members.size() == 2; }));
    const auto found = here.await(zookeeper::find_presence(*admin, "/penholder", "orders", "a"));
    REQUIRE(found.has_value());
    CHECK(found->is_ownerless());
    REQUIRE(here.await(zookeeper::remove_presence(*admin, *found)).has_value());
    CHECK_FALSE(here.exists(*admin, path));
    CHECK(b.node.serves());
}
