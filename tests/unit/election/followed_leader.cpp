#include "election/followed_leader.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

constexpr std::int64_t own_session = 0x10;

group_snapshot led_by(const std::string& node, std::uint64_t number, phase in = phase::serving,
                      std::int64_t owner = 0x20) {
    group_snapshot seen;
    seen.leader = leader_seen{leader_record{node, "9", node + ":1", {number}, in, ""}, owner, 0};
    return seen;
}

}  // namespace

TEST_CASE("a node follows whom the ensemble shows, and nobody once that is gone") {
    followed_leader it;
    CHECK(it.shown(led_by("b", 4), own_session));
    CHECK(it.now() == other_leader{term{4}, "b", "b:1", true});
    CHECK_FALSE(it.shown(led_by("c", 5, phase::fencing), own_session));
    CHECK(it.now() == other_leader{term{5}, "c", "c:1", false});
    CHECK_FALSE(it.shown(group_snapshot{}, own_session));
    CHECK_FALSE(it.now());
}

TEST_CASE("a node does not follow itself, nor a leader whose record is garbage") {
    followed_leader it;
    it.shown(led_by("b", 4), own_session);
    CHECK_FALSE(it.shown(led_by("a", 5, phase::serving, own_session), own_session));
    CHECK_FALSE(it.now());
    it.shown(led_by("b", 4), own_session);
    auto garbage = led_by("b", 4);
    garbage.leader->record.reset();
    CHECK_FALSE(it.shown(garbage, own_session));
    CHECK_FALSE(it.now());
}

TEST_CASE("a fence of a newer term goes before an older leader of the ensemble, and the other way round") {
    followed_leader it;
    it.fenced({6}, "c", "c:1");
    CHECK_FALSE(it.shown(led_by("b", 4), own_session));
    CHECK(it.node() == "c");
    CHECK(it.shown(led_by("b", 6), own_session));
    CHECK(it.node() == "b");
    it.fenced({5}, "d", "d:1");
    CHECK(it.node() == "b");
}

TEST_CASE("a fence whose leader is unknown leaves nobody to follow") {
    followed_leader it;
    it.shown(led_by("b", 4), own_session);
    it.fenced({6}, "", "");
    CHECK_FALSE(it.now());
    CHECK(it.node().empty());
}

TEST_CASE("a fence is forgotten when the database shows a lower term, a leader of the ensemble is not") {
    followed_leader it;
    it.fenced({6}, "c", "c:1");
    CHECK_FALSE(it.database_shows({6}));
    CHECK(it.database_shows({5}));
    CHECK_FALSE(it.now());
    it.shown(led_by("b", 4), own_session);
    CHECK_FALSE(it.database_shows({1}));
    CHECK(it.node() == "b");
}
