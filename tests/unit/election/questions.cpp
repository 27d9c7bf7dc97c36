#include "election/questions.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

const std::string their_candidate = candidate_prefix(theirs) + "0000000001";
const elector_options who = driver::options(false, true);

/// Node "b" leads term 4, and "a" asks.
group_snapshot led_by_b() {
    auto seen = driver::led_by("b", theirs, 4);
    seen.leader->member_version = 7;
    seen.candidates.push_back({their_candidate, {"b", 0, true}, 2});
    seen.terms_version = 11;
    seen.control_version = 5;
    return seen;
}

group_snapshot vacant() {
    auto seen = led_by_b();
    seen.leader.reset();
    return seen;
}

}  // namespace

TEST_CASE("whoever takes a vacant leadership removes nothing and checks control, terms and its candidate") {
    const auto asked = question_to_lead(vacant(), who, {driver::session}, {5}, nullptr);
    CHECK_FALSE(asked.removed);
    CHECK_FALSE(asked.control);
    CHECK(asked.candidate == driver::own_candidate());
    CHECK(asked.control_version == 5);
    CHECK(asked.terms_version == 11);
    CHECK(asked.leader == leader_record{"a", "1", "a:1", {5}, phase::fencing, ""});
    CHECK(asked.terms.back() == term_record{5, "a", "", "takeover", ""});
}

TEST_CASE("an election clears what it fulfills, and keeps a pause") {
    auto seen = vacant();
    seen.control = {true, handover_request{"a", {4}}, {4}};
    const auto asked = question_to_lead(seen, who, {driver::session}, {5}, nullptr);
    CHECK(asked.control == control_record{true});
    CHECK(asked.terms.back() == term_record{5, "a", "", "handover", "an operator evicted it"});
}

TEST_CASE("of a dead leader member, candidate and leader are removed, of one that agreed not the member") {
    const process_death proof{{4}, "b", "9", "its link broke"};
    const auto evicts = removal_of_leader(led_by_b(), &proof);
    REQUIRE(evicts);
    CHECK(evicts->proof == proof);
    CHECK(evicts->leader_version == 1);
    CHECK(evicts->member_version == 7);
    CHECK(evicts->candidate == their_candidate);
    CHECK(evicts->candidate_version == 2);
    const auto follows = removal_of_leader(led_by_b(), nullptr);
    REQUIRE(follows);
    CHECK_FALSE(follows->proof);
    CHECK_FALSE(follows->member_version);
    CHECK_FALSE(removal_of_leader(vacant(), nullptr));
}

TEST_CASE("the history keeps its last 64 terms") {
    auto seen = vacant();
    seen.terms.clear();
    for (std::uint64_t number = 1; number <= 64; ++number) seen.terms.push_back({number, "b", "", "election"});
    const auto asked = question_to_lead(seen, who, {driver::session}, {65}, nullptr);
    CHECK(asked.terms.size() == terms_kept);
    CHECK(asked.terms.front().number == 2);
    CHECK(asked.terms.back().number == 65);
}

TEST_CASE("a leader declares itself over the very znode that it saw") {
    const auto seen = driver::led_by("a", driver::session, 4);
    const auto asked = question_to_declare(seen, who, {4});
    CHECK(asked.leader == leader_record{"a", "1", "a:1", {4}, phase::serving, "since"});
    CHECK(asked.version == 1);
    CHECK(question_to_declare(driver::enrolled(), who, {4}).version == -1);
}

TEST_CASE("a leader that gives up names its heir for the term that its znode shows") {
    auto seen = driver::led_by("a", driver::session, 4);
    auto asked = question_to_give_up(seen, driver::session, "b", {3});
    CHECK(asked.control == control_record{false, handover_request{"b", {4}}});
    CHECK(asked.candidate == driver::own_candidate());
    seen.leader->record.reset();
    seen.candidates.clear();
    asked = question_to_give_up(seen, driver::session, "", {3});
    CHECK(asked.control.handover == handover_request{"", {3}});
    CHECK(asked.candidate.empty());
}

TEST_CASE("what was carried out is known without reading it: versions, leader, terms, control and candidates") {
    auto seen = led_by_b();
    const process_death proof{{4}, "b", "9", "its link broke"};
    auto contest = question_to_lead(seen, who, {driver::session}, {5}, &proof);
    contest.control = control_record{true};
    carried_out(seen, contest, driver::session);
    CHECK(seen.leader->owner == driver::session);
    CHECK(seen.leader->version == 0);
    CHECK(seen.terms_version == 12);
    CHECK(seen.control.paused);
    CHECK(seen.control_version == 6);
    CHECK(seen.candidates_of(theirs).empty());

    carried_out(seen, question_to_declare(seen, who, {5}), driver::session);
    CHECK(seen.leader->version == 1);
    CHECK(seen.leader_shown()->phase == phase::serving);

    carried_out(seen, question_to_give_up(seen, driver::session, "b", {5}));
    CHECK_FALSE(seen.leader);
    CHECK(seen.control.handover == handover_request{"b", {5}});
    CHECK(seen.control_version == 7);
    CHECK(seen.candidates.empty());

    carried_out(seen, question_to_clear_handover(seen));
    CHECK_FALSE(seen.control.handover);
    CHECK(seen.control_version == 8);
}

TEST_CASE("the term that begins says its database, and is what operators asked for where they moved the group there") {
    auto seen = vacant();
    seen.control.adopted_database = "7/2";
    const auto there = question_to_lead(seen, who, {driver::session, "7/2"}, {5}, nullptr);
    CHECK(there.terms.back().database == "7/2");
    CHECK(there.leader.database == "7/2");
    REQUIRE(there.control);
    CHECK(there.control->adopted_database.empty());
    const auto elsewhere = question_to_lead(seen, who, {driver::session, "7/1"}, {5}, nullptr);
    CHECK_FALSE(elsewhere.control);
}

TEST_CASE("a leader's znode that no session owns goes in the transaction that elects the next") {
    auto seen = vacant();
    seen.ownerless_leader = 3;
    const auto asked = question_to_lead(seen, who, {driver::session}, {5}, nullptr);
    REQUIRE(asked.removed);
    CHECK(asked.removed->leader_version == 3);
    CHECK_FALSE(asked.removed->proof);
    carried_out(seen, asked, driver::session);
    CHECK_FALSE(seen.ownerless_leader);
}

TEST_CASE("a handover keeps what operators said of the database") {
    auto seen = led_by_b();
    seen.control.adopted_database = "7/2";
    CHECK(question_to_give_up(seen, driver::session, "", {4}).control.adopted_database == "7/2");
    CHECK(question_to_clear_handover(seen).control.adopted_database == "7/2");
}

TEST_CASE("where the fence was raised last goes from term to term, and is set where it was raised") {
    auto seen = vacant();
    const fence_raise before{{4}, {1, 0x100}};
    const auto contest = question_to_lead(seen, who, {driver::session, "7/1", before}, {5}, nullptr);
    CHECK(contest.leader.raised == before);
    CHECK(contest.terms.back().raised == "4:1@0/100");
    carried_out(seen, contest, driver::session);
    CHECK_FALSE(question_to_declare(seen, who, {5}, before).terms);
    CHECK_FALSE(question_to_declare(seen, who, {5}).terms);

    const fence_raise own{{5}, {1, 0x120}};
    const auto declared = question_to_declare(seen, who, {5}, own);
    CHECK(declared.leader.raised == own);
    REQUIRE(declared.terms);
    CHECK(declared.terms->back().raised == "5:1@0/120");
    CHECK(declared.terms->size() == seen.terms.size());
    const auto version = seen.terms_version;
    carried_out(seen, declared, driver::session);
    CHECK(seen.terms_version == version + 1);
    CHECK_FALSE(question_to_declare(seen, who, {5}, own).terms);
}

TEST_CASE("an election where operators have moved the group clears what they said of the last raise") {
    auto seen = vacant();
    seen.control.adopted_database = "7/1";
    seen.control.adopted_raise = {{5}, {1, 0x100}};
    const auto asked = question_to_lead(seen, who, {driver::session, "7/1", {{5}, {1, 0x100}}}, {5}, nullptr);
    REQUIRE(asked.control);
    CHECK_FALSE(asked.control->adopted_raise.is_known());
    CHECK(asked.terms.back().raised == "5:1@0/100");
}
