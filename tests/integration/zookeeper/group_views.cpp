#include "election/paths.hpp"
#include "session_rig.hpp"
#include "support/zookeeper_server.hpp"
#include "zookeeper/eviction.hpp"
#include "zookeeper/group_view.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

/// A group as two nodes would have made it: a leads term 3, b could follow, c is an observer.
struct staged_group {
    zookeeper_server server;
    rig here;
    std::unique_ptr<zookeeper::session> session = here.connect(server.connect_string());
    election::group_paths paths{"/penholder", "orders"};

    staged_group() {
        here.ask<void>([&](auto done) { session->create_parents(paths.persistent(), std::move(done)); });
        for (const std::string node : {"a", "b", "c"}) {
            const member record{node, "1", node + ":1", "", node == "c" ? "observer" : "candidate", "", "", ""};
            own(paths.member(node), election::encode(record));
        }
        stand("a", 0, true);
        stand("b", 1, true);
        own(paths.leader, election::encode(election::leader_record{"a", "1", "a:1", 3, election::phase::serving, ""}));
        here.write(*session, paths.terms, election::encode(std::vector<term_record>{{3, "a", "", "election"}}));
    }

    void own(const std::string& path, const std::string& data) {
        here.create(*session, path, data, zookeeper::create_mode::ephemeral);
    }

    void stand(const std::string& node, int sequence, bool eligible) {
        const auto name = election::candidate_prefix(session->id()) + "000000000" + std::to_string(sequence);
        own(paths.candidate(name), election::encode(election::candidate_record{node, 0, eligible}));
    }

    result<term> hand_over(const std::string& heir, term from = {}) {
        return here.await(zookeeper::request_handover(*session, "/penholder", "orders", heir, from));
    }
    zookeeper::group_view view() { return *here.await(zookeeper::read_group(*session, "/penholder", "orders")); }
};

}  // namespace

TEST_CASE("a group is read as the ensemble shows it") {
    staged_group group;
    const auto view = group.view();
    CHECK(view.members.size() == 3);
    CHECK(view.candidates.size() == 2);
    CHECK(view.candidates.front().node == "a");
    REQUIRE(view.leader.has_value());
    CHECK(view.leader->term == penholder::term{3});
    CHECK(view.terms.size() == 1);
    CHECK(view.warnings.empty());
    const auto groups = group.here.await(zookeeper::list_groups(*group.session, "/penholder"));
    CHECK(*groups == std::vector<std::string>{"orders"});
}

TEST_CASE("garbage in one znode hides nothing else") {
    staged_group group;
    auto& here = group.here;
    group.own(group.paths.member("garbage"), "{");
    group.own(group.paths.candidate(election::candidate_prefix(group.session->id()) + "0000000009"), "[]");
    here.write(*group.session, group.paths.terms, "not json");
    const auto view = group.view();
    CHECK(view.members.size() == 3);
    CHECK(view.candidates.size() == 2);
    CHECK(view.warnings.size() == 3);
    for (const auto& each : view.warnings) CHECK(each.code == errc::malformed_znode);
}

TEST_CASE("a group that nobody has made is unknown") {
    staged_group group;
    const auto none = group.here.await(zookeeper::read_group(*group.session, "/penholder", "other"));
    CHECK(none.error().code == errc::unknown_group);
}

TEST_CASE("an impossible handover is refused before anybody is asked") {
    staged_group group;
    CHECK(group.hand_over("nobody").error().code == errc::node_not_found);
    CHECK(group.hand_over("a").error().code == errc::refused);
    CHECK(group.hand_over("c").error().code == errc::refused);
    CHECK(group.hand_over("b", term{2}).error().code == errc::refused);
    CHECK(*group.hand_over("b") == term{3});
    CHECK(group.view().control.handover->to == "b");
    CHECK(group.hand_over("b").error().code == errc::in_progress);
}

TEST_CASE("nobody hands over while paused, or without a leader") {
    staged_group group;
    const auto pause = [&](bool on) {
        return group.here.await(zookeeper::request_pause(*group.session, "/penholder", "orders", on));
    };
    REQUIRE(pause(true).has_value());
    CHECK(group.view().control.paused);
    CHECK(group.hand_over("b").error().code == errc::paused);
    REQUIRE(pause(false).has_value());
    group.here.remove(*group.session, group.paths.leader);
    CHECK(group.hand_over("b").error().code == errc::no_leader);
}

TEST_CASE("what no session owns counts as absent, is named, and an eviction removes it and nothing else") {
    staged_group group;
    auto& here = group.here;
    const auto record = election::encode(election::candidate_record{"b", 0, true});
    const auto orphan = group.paths.candidate(election::candidate_prefix(7) + "0000000000");
    here.create(*group.session, orphan, record);
    here.create(*group.session, group.paths.member("d"),
                election::encode(member{"d", "1", "d:1", "", "candidate", "", "", ""}));
    const auto view = group.view();
    CHECK(view.candidates.size() == 2);
    CHECK(view.members.size() == 3);
    REQUIRE(view.warnings.size() == 2);
    CHECK(view.warnings[0].message.find("penholder evict d") != std::string::npos);
    CHECK(view.warnings[1].message.find(orphan) != std::string::npos);
    for (const std::string node : {"b", "d"}) {
        const auto found = here.await(zookeeper::find_presence(*group.session, "/penholder", "orders", node));
        REQUIRE(found.has_value());
        CHECK(found->is_ownerless());
        CHECK(found->traces.size() == 1);
        CHECK(here.await(zookeeper::remove_presence(*group.session, *found)).has_value());
    }
    CHECK(group.view().warnings.empty());
    CHECK(group.view().candidates.size() == 2);
}

TEST_CASE("a leader that no session owns leads nothing, and can be evicted") {
    staged_group group;
    auto& here = group.here;
    here.remove(*group.session, group.paths.leader);
    here.create(*group.session, group.paths.leader,
                election::encode(election::leader_record{"x", "1", "x:1", 3, election::phase::serving, ""}));
    CHECK_FALSE(group.view().leader);
    const auto found = here.await(zookeeper::find_presence(*group.session, "/penholder", "orders", "x"));
    REQUIRE(found.has_value());
    CHECK(here.await(zookeeper::remove_presence(*group.session, *found)).has_value());
    CHECK_FALSE(here.exists(*group.session, group.paths.leader));
}

TEST_CASE("a group is moved to another database, and a handover keeps that") {
    staged_group group;
    const auto moved = group.here.await(zookeeper::request_adoption(*group.session, "/penholder", "orders", "7/16385"));
    REQUIRE(moved.has_value());
    CHECK(group.view().database() == "7/16385");
    REQUIRE(group.hand_over("b").has_value());
    CHECK(group.view().database() == "7/16385");
    const auto none = group.here.await(zookeeper::request_adoption(*group.session, "/penholder", "other", "7/1"));
    CHECK(none.error().code == errc::unknown_group);
}
