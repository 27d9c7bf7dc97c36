#include "election/paths.hpp"
#include "session_rig.hpp"
#include "support/zookeeper_server.hpp"
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
            here.create(*session, paths.member(node), election::encode(record));
        }
        stand("a", 0, true);
        stand("b", 1, true);
        here.create(*session, paths.leader,
                    election::encode(election::leader_record{"a", "1", "a:1", 3, election::phase::serving, ""}));
        here.write(*session, paths.terms, election::encode(std::vector<term_record>{{3, "a", "", "election"}}));
    }

    void stand(const std::string& node, int sequence, bool eligible) {
        const auto name = election::candidate_prefix(1) + "000000000" + std::to_string(sequence);
        here.create(*session, paths.candidate(name), election::encode(election::candidate_record{node, 0, eligible}));
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
    here.create(*group.session, group.paths.member("garbage"), "{");
    here.create(*group.session, group.paths.candidate("0000000000000009-0000000009"), "[]");
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
