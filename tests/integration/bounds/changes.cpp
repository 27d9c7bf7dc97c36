// Very many changes of leader, and very many candidates.
#include "integration/cluster/cluster.hpp"
#include "integration/node/candidate_node.hpp"
#include "support/long_run.hpp"
#include "support/memory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>

namespace penholder::testing {

using namespace std::chrono_literals;

namespace {

/// What an ensemble's server holds.
struct holdings {
    long znodes = 0;
    long ephemerals = 0;
    long watches = 0;
    friend bool operator==(const holdings&, const holdings&) = default;
};

holdings held_by(const zookeeper_server& server) {
    std::map<std::string, long> values;
    std::istringstream told(server.ask("mntr"));
    for (std::string line; std::getline(told, line);) {
        std::istringstream words(line);
        std::string name;
        long value = 0;
        if (words >> name >> value) values[name] = value;
    }
    return {values.at("zk_znode_count"), values.at("zk_ephemerals_count"), values.at("zk_watch_count")};
}

std::ostream& operator<<(std::ostream& out, const holdings& what) {
    return out << what.znodes << " znodes, " << what.ephemerals << " ephemerals, " << what.watches << " watches";
}

/// The leader resigns, and the other follows it. Refused while nobody can be seen to be eligible yet.
bool change_leader(rig& here, candidate_node& from, candidate_node& to, const std::string& new_leader) {
    for (int tries = 0; tries < 100; ++tries) {
        std::optional<bool> done;
        from->resign(10s, [&](const result<leadership>& next) { done = next.has_value(); });
        if (!here.until([&] { return done.has_value(); })) return false;
        if (*done) return here.until([&] { return to.serves() && from.follows(new_leader); });
    }
    return false;
}

/// Requests that each session has made, as the server counted them.
std::map<std::string, long> requests_by_session(const zookeeper_server& server) {
    static const std::regex line(R"(recved=(\d+),.*sid=(0x[0-9a-f]+))");
    std::map<std::string, long> found;
    const auto told = server.ask("cons");
    for (std::sregex_iterator at(told.begin(), told.end(), line), end; at != end; ++at) {
        found[(*at)[2]] = std::stol((*at)[1]);
    }
    return found;
}

}  // namespace

TEST_CASE("changes of leader leave no watch, no znode and no memory behind") {
    const int changes = long_run() ? 10'000 : 500;
    zookeeper_server server;
    rig here;
    lone_node a(here, server.connect_string(), "a", {}, 30'000);
    REQUIRE(here.until([&] { return a.node.serves(); }));
    lone_node b(here, server.connect_string(), "b", {}, 30'000);
    REQUIRE(here.until([&] { return b.node.follows("a"); }));
    const auto change = [&](int number) {
        a.node.told.clear();
        b.node.told.clear();
        a.node.drained.clear();
        b.node.drained.clear();
        const bool from_a = number % 2 == 0;
        return from_a ? change_leader(here, a.node, b.node, "b") : change_leader(here, b.node, a.node, "a");
    };
    // Two members, two candidates and who leads: whoever has handed over stands again a moment later.
    const auto settled = [&] { return here.until([&] { return held_by(server).ephemerals == 5; }); };
    for (int i = 0; i < 100; ++i) REQUIRE(change(i));
    REQUIRE(settled());
    const auto before = held_by(server);
    const auto memory = resident_bytes();
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < changes; ++i) REQUIRE(change(i));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    const auto grown = static_cast<long>(resident_bytes()) - static_cast<long>(memory);
    WARN(changes << " changes of leader, " << took.count() / changes << " ms each; before " << before << ", after "
                 << held_by(server) << "; memory grew by " << grown / 1024 << " KiB");
    CHECK(a.node.now().term == static_cast<std::uint64_t>(changes) + 101);
    // A follower may still watch the candidate that has become leader, until that resigns. What has leaked stays.
    REQUIRE(settled());
    for (int more = 0; more < 20 && held_by(server) != before; ++more) REQUIRE((change(more) && settled()));
    CHECK(held_by(server) == before);
    CHECK(grown < 8 * 1024 * 1024);
}

TEST_CASE("of a hundred nodes the next leader alone reads all candidates when their leader dies") {
    constexpr std::size_t crowd = 100;
    zookeeper_server server;
    rig here;
    std::vector<std::unique_ptr<lone_node>> nodes;
    for (std::size_t i = 0; i < crowd; ++i) {
        const auto name = "n" + std::to_string(i);
        nodes.push_back(std::make_unique<lone_node>(here, server.connect_string(), name, taking_part{}, 60'000));
    }
    const auto leader_of_all = [&](const std::string& name) {
        return std::ranges::all_of(nodes, [&](const auto& one) {
            return one->node.serves() ? one->node.now().leader == name
                                      : one->node.follows(name) && one->node.members.size() == nodes.size();
        });
    };
    const auto leader = [&] { return std::ranges::find_if(nodes, [](const auto& one) { return one->node.serves(); }); };
    REQUIRE(here.until([&] { return leader() != nodes.end() && leader_of_all((*leader())->node.now().leader); },
                       limit::crowd));
    here.until([] { return false; }, 300ms);  // The last of what the arrivals set off.
    const auto before = requests_by_session(server);
    REQUIRE(before.size() == crowd);

    nodes.erase(leader());
    REQUIRE(here.until([&] { return leader() != nodes.end() && leader_of_all((*leader())->node.now().leader); },
                       limit::crowd));
    here.until([] { return false; }, 300ms);
    const auto heir = (*leader())->session->id_text();
    long leaders = 0, most_of_others = 0;
    for (const auto& [session, requests] : requests_by_session(server)) {
        const auto known = before.find(session);
        if (known == before.end()) continue;
        auto& most = heir.ends_with(session.substr(2)) ? leaders : most_of_others;
        most = std::max(most, requests - known->second);
    }
    WARN("of " << crowd << " nodes the next leader made " << leaders << " requests, each other at most "
               << most_of_others);
    CHECK(leaders <= static_cast<long>(crowd) + 40);
    CHECK(most_of_others <= 40);
}

}  // namespace penholder::testing
