#include "election/group_snapshot.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

group_snapshot requested(const std::string& to, std::uint64_t from, bool agreed = false) {
    auto seen = driver::led_by("b", theirs, 4);
    seen.control.handover = handover_request{to, {from}, agreed};
    return seen;
}

}  // namespace

TEST_CASE("a partial read replaces leader and control and leaves the rest") {
    auto seen = driver::led_by("b", theirs, 4);
    group_snapshot newer;
    newer.control.paused = true;
    newer.control_version = 9;
    seen.take_in(newer);
    CHECK_FALSE(seen.leader);
    CHECK(seen.control.paused);
    CHECK(seen.control_version == 9);
    CHECK(seen.candidates.size() == 1);
    CHECK(seen.terms.size() == 1);
    newer.scope = scope::full;
    seen.take_in(newer);
    CHECK(seen.candidates.empty());
}

TEST_CASE("the newest term is that of `terms` or of `leader`, whichever is higher") {
    CHECK(group_snapshot{}.newest_term() == term{});
    auto seen = driver::led_by("b", theirs, 4);
    CHECK(seen.last_term() == term{4});
    seen.leader->record->term = {6};
    CHECK(seen.newest_term() == term{6});
    seen.leader->record.reset();
    CHECK(seen.leader_shown() == nullptr);
    CHECK(seen.newest_term() == term{4});
}

TEST_CASE("a session's candidates are those whose name begins with it") {
    auto seen = driver::enrolled();
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000001", {"b", 0, true}, 0});
    const auto own = seen.candidates_of(driver::session);
    REQUIRE(own.size() == 1);
    CHECK(own.front().znode == driver::own_candidate());
}

TEST_CASE("contenders are the candidates whose name can be read, without the node that is left out") {
    auto seen = driver::enrolled();
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000001", {"b", 2, false}, 0});
    seen.candidates.push_back({"garbage", {"c", 0, true}, 0});
    CHECK(seen.contenders("").size() == 2);
    const auto others = seen.contenders("a");
    REQUIRE(others.size() == 1);
    CHECK(others.front() == contender{candidate_prefix(theirs) + "0000000001", "b", 2, 1, false});
}

TEST_CASE("a handover has a target while no newer term than the one that hands over is known") {
    CHECK(requested("a", 4).handover_target() == "a");
    CHECK(requested("a", 5).handover_target() == "a");
    CHECK(requested("a", 3).handover_target().empty());
    CHECK(requested("*", 4).handover_target().empty());
    CHECK(driver::enrolled().handover_target().empty());
}

TEST_CASE("a leader has agreed to an heir only in its own term, by name, and when it said so") {
    CHECK(requested("a", 4, true).leader_agreed_to("a"));
    CHECK_FALSE(requested("a", 4, false).leader_agreed_to("a"));
    CHECK_FALSE(requested("a", 3, true).leader_agreed_to("a"));
    CHECK_FALSE(requested("c", 4, true).leader_agreed_to("a"));
    auto gone = requested("a", 4, true);
    gone.leader.reset();
    CHECK_FALSE(gone.leader_agreed_to("a"));
    auto followed = requested("a", 4, true);
    followed.terms.push_back({5, "c", "", "takeover"});
    CHECK_FALSE(followed.leader_agreed_to("a"));
}

TEST_CASE("a death is of the leader that is shown when term, node and incarnation are the same") {
    const auto seen = driver::led_by("b", theirs, 4);
    CHECK(seen.leader_is({{4}, "b", "9", ""}));
    CHECK_FALSE(seen.leader_is({{5}, "b", "9", ""}));
    CHECK_FALSE(seen.leader_is({{4}, "c", "9", ""}));
    CHECK_FALSE(seen.leader_is({{4}, "b", "8", ""}));
    CHECK_FALSE(driver::enrolled().leader_is({{4}, "b", "9", ""}));
}

TEST_CASE("a term begins by election, takeover or handover, as the last one ended") {
    CHECK(group_snapshot{}.next_term_begins_by() == "election");
    CHECK(driver::led_by("b", theirs, 4).next_term_begins_by() == "takeover");
    CHECK(requested("a", 4).next_term_begins_by() == "handover");
    CHECK(requested("", 4).next_term_begins_by() == "election");
    CHECK(requested("a", 3).next_term_begins_by() == "takeover");
}

TEST_CASE("an operator's eviction counts for the term that it named") {
    auto seen = driver::led_by("b", theirs, 4);
    CHECK_FALSE(seen.last_leader_was_evicted_by_operator());
    seen.control.evicted_term = {4};
    CHECK(seen.last_leader_was_evicted_by_operator());
    seen.control.evicted_term = {3};
    CHECK_FALSE(seen.last_leader_was_evicted_by_operator());
}

TEST_CASE("a leader that no session owns counts as absent, and is named") {
    group_snapshot seen;
    const leader_record record{"b", "9", "b:1", {4}, phase::serving, ""};
    seen.found_leader("/g/leader", {record, 0, 3});
    CHECK_FALSE(seen.leader);
    CHECK(seen.ownerless_leader == 3);
    REQUIRE(seen.ownerless == std::vector<ownerless_znode>{{"/g/leader", "b"}});
    const auto said = to_error(seen.ownerless.front()).message;
    CHECK(said.find("/g/leader") != std::string::npos);
    CHECK(said.find("penholder evict b") != std::string::npos);
    seen.found_leader("/g/leader", {record, theirs, 3});
    CHECK(seen.leader_owned_by(theirs));
}

TEST_CASE("a candidate counts only while the session that its name says owns it") {
    group_snapshot seen;
    const candidate_seen one{candidate_prefix(theirs) + "0000000001", {"b", 0, true}, 0};
    seen.found_candidate("/g/candidates/x", one, 0);
    seen.found_candidate("/g/candidates/x", one, 0x77);
    CHECK(seen.contenders("").empty());
    CHECK(seen.ownerless.size() == 2);
    seen.found_candidate("/g/candidates/x", one, theirs);
    CHECK(seen.contenders("").size() == 1);
}

TEST_CASE("a name is free where no session has enrolled it") {
    group_snapshot seen;
    CHECK(seen.name_is_free());
    seen.found_self("/g/members/a", "a", {0, "1"});
    CHECK(seen.name_is_free());
    CHECK(seen.ownerless.size() == 1);
    seen.found_self("/g/members/a", "a", {theirs, "1"});
    CHECK_FALSE(seen.name_is_free());
}

TEST_CASE("the last term with a database is the last that says one") {
    group_snapshot seen;
    CHECK(last_term_with_database(seen.terms) == nullptr);
    seen.terms = {{1, "a", "", "election", "", "7/1"}, {2, "a", "", "election", "", "7/2"}, {3, "a", "", "election"}};
    REQUIRE(last_term_with_database(seen.terms) != nullptr);
    CHECK(last_term_with_database(seen.terms)->database == "7/2");
}
