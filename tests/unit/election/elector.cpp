#include "election/elector.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

using namespace penholder;
using namespace penholder::election;
using namespace std::chrono_literals;

namespace {

/// Somebody else leads, and so many are to lead before this node.
group_snapshot behind(int others) {
    auto seen = driver::led_by("b", theirs, 4);
    for (int i = 0; i < others; ++i) {
        const auto name = candidate_prefix(0x100 + i, 1) + std::to_string(1'000'000'000 + i);
        seen.candidates.push_back({name, {"other-" + std::to_string(i), 1, true}, 0});
    }
    return seen;
}

}  // namespace

TEST_CASE("an old leader znode of another session gives no leadership") {
    driver it;
    it.connect();
    it.show(driver::led_by("a", 0x99, 3));
    CHECK_FALSE(it.elector.current().is_leader());
    CHECK_FALSE(it.asks<action::raise_fence>());
}

TEST_CASE("a node that was killed while it led and starts again takes over from its earlier life") {
    driver it;
    it.elector = election::elector([] {
        auto options = driver::options(false, true);
        options.binding = "boot net a:1";
        return options;
    }());
    auto seen = driver::led_by("a", theirs, 4);
    seen.self = member_seen{theirs, "9", "", 3, "boot net a:1"};
    seen.candidates = {{candidate_prefix(theirs) + "0000000004", {"a", 0, true}, 0}};
    it.connect();
    it.show(seen);
    REQUIRE(it.asks<action::enroll>());
    it.answer(ensemble_reply::done);
    REQUIRE(it.asks<action::create_candidate>());
    it.answer(ensemble_reply::done);
    auto mine = driver::led_by("a", theirs, 4);
    it.show(mine);
    REQUIRE(it.asks<action::lead>());
    const auto& removed = it.find<action::lead>()->removed;
    REQUIRE(removed);
    CHECK(removed->leader_version == 1);
    CHECK(removed->proof->incarnation == "9");
    CHECK_FALSE(removed->member_version);
    CHECK(removed->candidate.empty());
    it.answer(ensemble_reply::done);
    CHECK(it.find<action::raise_fence>()->term == term{5});
}

TEST_CASE("callbacks of an older handle are dropped") {
    driver it;
    it.follow();
    it.on(event::session_up{2, 0x30});
    CHECK(it.on(event::session_expired{1}).empty());
    CHECK(it.on(event::session_suspended{1}).empty());
    it.show(driver::empty_group());
    CHECK(it.on(event::leader_changed{1}).empty());
    CHECK(it.asks<action::read>() == false);
}

TEST_CASE("reconnecting with the znodes intact makes no create and no delete") {
    driver it;
    it.serve();
    it.on(event::session_suspended{1});
    CHECK(it.elector.current().role == role::suspended);
    it.connect();
    CHECK(it.asks<action::read>());
    it.show(driver::led_by("a", driver::session, 1));
    CHECK(it.elector.current().role == role::serving);
    CHECK_FALSE(it.asks<action::create_candidate>());
    CHECK_FALSE(it.asks<action::give_up>());
}

TEST_CASE("a reply that arrives after the disconnect grants no leadership") {
    driver it;
    it.connect();
    it.show(driver::enrolled());
    REQUIRE(it.asks<action::lead>());
    it.on(event::session_suspended{1});
    CHECK(it.answer(ensemble_reply::done).empty());
    CHECK_FALSE(it.elector.current().is_leader());
}

TEST_CASE("a leadership whose reply was lost is found again and fenced") {
    driver it;
    it.connect();
    it.show(driver::enrolled());
    it.on(event::session_suspended{1});
    it.connect();
    it.show(driver::led_by("a", driver::session, 1));
    REQUIRE(it.asks<action::raise_fence>());
    CHECK(it.elector.current().role == role::fencing);
}

TEST_CASE("an orphan candidate left by a lost reply is removed, not watched") {
    driver it;
    it.connect();
    auto seen = driver::led_by("b", 0x20, 4);
    seen.candidates.push_back({candidate_prefix(driver::session) + "0000000009", {"a", 0, true}, 0});
    it.show(seen);
    REQUIRE(it.asks<action::remove_candidate>());
    CHECK(it.find<action::remove_candidate>()->znode.ends_with("9"));
    it.answer(ensemble_reply::lost);
    it.on(event::timer_fired{timer::retry, it.find<action::arm>()->ticket});
    CHECK(it.asks<action::read>());
}

TEST_CASE("suspended is not lost: nothing is given up by a short disconnect") {
    driver it;
    it.serve();
    it.on(event::session_suspended{1});
    CHECK(it.elector.current().is_leader());
    CHECK(it.elector.current().term == 1);
}

TEST_CASE("a leader whose session is overdue goes on, and is told as suspended") {
    driver it;
    it.serve();
    it.on(event::session_overdue{0});
    CHECK(it.elector.current().role == role::serving);
    it.on(event::session_overdue{1});
    CHECK(it.elector.current().role == role::suspended);
    CHECK(it.elector.current().term == 1);
    CHECK_FALSE(it.asks<action::give_up>());
    CHECK_FALSE(it.elector.eligible());
    it.connect();
    it.show(driver::led_by("a", driver::session, 1));
    CHECK(it.elector.current().role == role::serving);
    CHECK(it.elector.eligible());
}

TEST_CASE("a follower whose session is overdue is offline, and knows its leader still") {
    driver it;
    it.follow();
    it.on(event::session_suspended{1});
    CHECK(it.elector.current().role == role::follower);
    it.on(event::session_overdue{1});
    CHECK(it.elector.current().role == role::offline);
    CHECK(it.elector.current().leader == "b");
    CHECK(it.elector.current().leader_serving);
    CHECK_FALSE(it.elector.eligible());
    it.on(event::session_suspended{1});
    CHECK(it.elector.current().role == role::offline);
    it.connect();
    CHECK(it.elector.current().role == role::follower);
    CHECK(it.elector.eligible());
}

TEST_CASE("a node without a session has none that could be overdue") {
    driver it;
    it.on(event::session_overdue{1});
    CHECK(it.elector.current().role == role::offline);
    it.follow();
    CHECK(it.elector.current().role == role::follower);
}

TEST_CASE("a vanished predecessor makes us look again, not lead") {
    driver it;
    it.connect();
    auto seen = driver::enrolled();
    const auto ahead = candidate_prefix(0x20) + "0000000001";
    seen.candidates.push_back({ahead, {"b", 0, true}, 0});
    it.show(seen);
    REQUIRE(it.asks<action::watch_candidate>());
    it.answer(ensemble_reply::done);
    it.on(event::candidate_changed{1, ahead});
    CHECK(it.asks<action::read>());
    CHECK_FALSE(it.asks<action::lead>());
}

TEST_CASE("a predecessor that is gone between listing and watching costs nobody its place") {
    driver it;
    it.connect();
    auto seen = driver::enrolled();
    seen.candidates.push_back({candidate_prefix(0x20) + "0000000001", {"b", 0, true}, 0});
    it.show(seen);
    it.answer(ensemble_reply::no_node);
    REQUIRE(it.asks<action::read>());
    it.show(driver::enrolled());
    REQUIRE(it.asks<action::lead>());
    CHECK(it.find<action::lead>()->candidate == driver::own_candidate());
}

TEST_CASE("missing parents are made again at run time") {
    driver it;
    it.follow();
    it.on(event::leader_changed{1});
    auto gone = driver::empty_group();
    gone.group_exists = false;
    it.show(gone);
    CHECK(it.asks<action::create_parents>());
}

TEST_CASE("a wiped ensemble goes on above the database's term") {
    driver it;
    it.on(event::database_term{{41}});
    it.connect();
    it.show(driver::enrolled());
    CHECK(it.find<action::lead>()->leader.term == term{42});
}

TEST_CASE("a leader that nobody writes through steps down when the database shows a newer term") {
    driver it;
    it.serve();
    const auto own = it.elector.current().term;
    it.on(event::database_term{{own}});
    CHECK(it.elector.current().is_leader());
    it.on(event::database_term{{own + 1}});
    CHECK_FALSE(it.elector.current().is_leader());
}

TEST_CASE("a fence that a restored database does not show any more is forgotten") {
    driver it;
    it.serve();
    it.on(event::fenced{{6}, "b", "b:1"});
    REQUIRE(it.elector.current().leader == "b");
    it.on(event::database_term{{6}});
    CHECK(it.elector.current().leader == "b");
    it.on(event::database_term{{4}});
    CHECK(it.elector.current().leader.empty());
}

TEST_CASE("a fenced leader steps down and follows the hint without the ensemble") {
    driver it;
    it.serve();
    it.on(event::session_suspended{1});
    it.on(event::fenced{{2}, "b", "b:1"});
    const auto& now = it.elector.current();
    CHECK_FALSE(now.is_leader());
    CHECK(now.leader == "b");
    CHECK(now.endpoint == "b:1");
    CHECK(now.term == 2);
}

TEST_CASE("a leader that was fenced gives up its znode when it comes back") {
    driver it;
    it.serve();
    it.on(event::session_suspended{1});
    it.on(event::fenced{{2}, "b", "b:1"});
    it.connect();
    it.show(driver::led_by("a", driver::session, 1));
    CHECK(it.asks<action::give_up>());
    CHECK_FALSE(it.asks<action::raise_fence>());
}

TEST_CASE("a node that many stand before leaves news of the leader to those who need them, for a while") {
    driver it;
    it.connect();
    it.show(behind(20));
    REQUIRE(it.asks<action::watch_candidate>());
    it.answer(ensemble_reply::done);
    it.on(event::leader_changed{1});
    CHECK_FALSE(it.asks<action::read>());
    REQUIRE(it.find<action::arm>() != nullptr);
    const auto armed = *it.find<action::arm>();
    CHECK(armed.which == timer::news);
    CHECK(armed.delay <= 2 * 21ms);
    CHECK(it.elector.puts_off_news());
    it.on(event::leader_changed{1});
    CHECK(it.find<action::arm>() == nullptr);
    it.on(event::timer_fired{armed.which, armed.ticket});
    REQUIRE(it.asks<action::read>());
    CHECK(it.find<action::read>()->scope == scope::partial);
    CHECK_FALSE(it.elector.puts_off_news());
}

TEST_CASE("news that were put off are read as soon as something waits for the leader, or anything is read") {
    driver it;
    it.connect();
    it.show(behind(20));
    it.answer(ensemble_reply::done);
    it.on(event::leader_wanted{});
    CHECK_FALSE(it.asks<action::read>());
    it.on(event::leader_changed{1});
    it.on(event::leader_wanted{});
    REQUIRE(it.asks<action::read>());
    CHECK_FALSE(it.elector.puts_off_news());
    it.show(behind(20));
    it.on(event::leader_changed{1});
    REQUIRE(it.elector.puts_off_news());
    it.on(event::control_changed{1});
    CHECK(it.asks<action::read>());
    CHECK_FALSE(it.elector.puts_off_news());
}

TEST_CASE("those who may have to act soon read news of the leader at once") {
    driver it;
    it.connect();
    it.show(behind(7));
    it.answer(ensemble_reply::done);
    it.on(event::leader_changed{1});
    CHECK(it.asks<action::read>());
}

TEST_CASE("a drain that never ends is ended by its timer") {
    driver it;
    it.serve();
    it.on(event::stop{});
    it.show(driver::led_by("a", driver::session, 1));
    REQUIRE(it.asks<action::drain>());
    it.on(event::timer_fired{timer::drain, it.find<action::arm>()->ticket});
    CHECK(it.asks<action::give_up>());
}

TEST_CASE("a request that is withdrawn while nobody leads gives whoever is first then its turn at once") {
    driver it;
    it.connect();
    auto seen = driver::enrolled();
    seen.terms = {{4, "c", "since", "election"}};
    seen.candidates.push_back({candidate_prefix(0x20) + "0000000009", {"b", 0, true}, 0});
    seen.control.handover = handover_request{"b", {4}};
    it.show(seen);
    REQUIRE(it.asks<action::watch_candidate>());
    it.answer(ensemble_reply::done);

    it.on(event::control_changed{1});
    seen.control.handover.reset();
    it.show(seen);
    REQUIRE(it.find<action::read>());
    CHECK(it.find<action::read>()->scope == scope::full);
    it.show(seen);
    CHECK(it.asks<action::lead>());
}

TEST_CASE("a leader whose group is moved to another database steps down, and shows no other leader as its own") {
    driver it;
    it.on(event::database_found{"7/1"});
    it.serve();
    REQUIRE(it.elector.current().role == role::serving);
    it.on(event::control_changed{1});
    auto seen = driver::led_by("a", driver::session, 1);
    seen.control.adopted_database = "7/2";
    it.show(seen);
    CHECK(it.elector.current().role == role::offline);
    CHECK_FALSE(it.elector.takes_part());
    CHECK_FALSE(it.elector.eligible());
    it.show(driver::led_by("b", 0x20, 2));
    CHECK(it.elector.current().leader.empty());
}

TEST_CASE("a leader whose fence was raised anew on a promoted server says so, in its znode and in the terms") {
    driver it;
    it.on(event::database_found{"7/1"});
    it.elect();
    it.on(event::fence_raised{{1}, {1, 0x100}});
    REQUIRE(it.find<action::declare_serving>());
    CHECK(it.find<action::declare_serving>()->leader.raised == fence_raise{{1}, {1, 0x100}});
    it.answer(ensemble_reply::done);
    it.on(event::fence_raised{{1}, {1, 0x100}});
    CHECK_FALSE(it.asks<action::declare_serving>());
    it.on(event::fence_raised{{1}, {2, 0x120}});
    const auto* again = it.find<action::declare_serving>();
    REQUIRE(again != nullptr);
    REQUIRE(again->terms);
    CHECK(again->terms->back().raised == "1:2@0/120");
    CHECK(it.elector.current().role == role::serving);
    REQUIRE(it.find<action::database_known>());
    CHECK(it.find<action::database_known>()->which.last == fence_raise{{1}, {2, 0x120}});
}

TEST_CASE("a leader whose group operators have moved back on its own database steps down, and may lead again") {
    driver it;
    it.on(event::database_found{"7/1"});
    it.serve();
    REQUIRE(it.elector.current().role == role::serving);
    it.on(event::control_changed{1});
    auto seen = driver::led_by("a", driver::session, 1);
    seen.control.adopted_database = "7/1";
    seen.control.adopted_raise = {{2}, {1, 0x100}};
    it.show(seen);
    CHECK_FALSE(it.elector.current().is_leader());
    CHECK(it.elector.takes_part());
    CHECK(it.elector.eligible());
}
