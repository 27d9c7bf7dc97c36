#include "election/unreached_leader.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

const std::string others_candidate = candidate_prefix(theirs) + "0000000009";

/// Node "a" serves term 1; "b" could lead, and may have been unreached itself.
group_snapshot seen_by_unreached(bool heir_unreached) {
    auto seen = driver::led_by("a", driver::session, 1);
    seen.candidates.push_back({others_candidate, {"b", 0, true, heir_unreached}, 0});
    return seen;
}

/// Node "a" serves, and nobody links to it.
driver not_reached() {
    driver it;
    it.serve();
    it.on(event::unreached{});
    return it;
}

const action::arm* pause_armed(const driver& it) {
    for (const auto& each : it.last) {
        const auto* one = std::get_if<action::arm>(&each);
        if (one != nullptr && one->which == timer::unreached) return one;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("the pauses of a leader that nobody reaches grow up to a bound, and begin anew after peace") {
    unreached_leader it(1);
    const auto first = it.found();
    CHECK(first >= unreached_leader::first_pause / 2);
    CHECK(first <= unreached_leader::first_pause);
    CHECK(it.is_active());
    CHECK(it.found() == first);  // The same leadership.
    CHECK(it.over());
    CHECK_FALSE(it.over());
    CHECK_FALSE(it.is_active());
    unreached_leader::duration last{};
    for (int times = 0; times < 12; ++times) {
        last = it.found();
        CHECK(last <= unreached_leader::longest_pause);
        it.over();
    }
    CHECK(last >= unreached_leader::longest_pause / 2);
    it.left_in_peace();
    CHECK(it.found() <= unreached_leader::first_pause);
}

TEST_CASE("a leader that nobody reaches reads the group anew and names an heir") {
    auto it = not_reached();
    const auto* read = it.find<action::read>();
    REQUIRE(read != nullptr);
    CHECK(read->scope == scope::full);
    it.show(seen_by_unreached(false));
    REQUIRE(it.asks<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover == handover_request{"b", {1}, true});
    it.answer(ensemble_reply::done);
    CHECK(it.elector.current().role == role::serving);
}

TEST_CASE("it goes on where nobody else could lead, or could be reached, and asks nobody again until it is told to") {
    for (const bool heir_unreached : {true, false}) {
        auto it = not_reached();
        it.show(heir_unreached ? seen_by_unreached(true) : driver::led_by("a", driver::session, 1));
        CHECK_FALSE(it.asks<action::set_control>());
        CHECK_FALSE(it.asks<action::refuse>());
        CHECK(it.elector.current().role == role::serving);
        it.on(event::database_term{{1}});
        CHECK(it.last.empty());
        it.on(event::unreached{});
        CHECK(it.asks<action::read>());
        it.show(seen_by_unreached(false));
        CHECK(it.asks<action::set_control>());
    }
}

TEST_CASE("where its heir does not take over it tries the next one that may be reached") {
    auto it = not_reached();
    auto seen = seen_by_unreached(false);
    const auto third = candidate_prefix(0x30) + "0000000010";
    seen.candidates.push_back({third, {"c", 0, true}, 0});
    it.show(seen);
    REQUIRE(it.asks<action::set_control>());
    const auto heir = *it.find<action::arm>();
    REQUIRE(heir.which == timer::heir);
    it.answer(ensemble_reply::done);
    it.on(event::timer_fired{timer::heir, heir.ticket});
    REQUIRE(it.asks<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover == handover_request{"c", {1}, true});
}

TEST_CASE("a paused group stays with its leader, whether or not that is reached") {
    auto it = not_reached();
    auto seen = seen_by_unreached(false);
    seen.control.paused = true;
    it.show(seen);
    CHECK(it.last.empty());
    CHECK(it.elector.current().role == role::serving);
}

TEST_CASE("an operator's handover is done although its heir was not reached before") {
    auto it = not_reached();
    auto seen = seen_by_unreached(true);
    seen.control.handover = handover_request{"b", {1}};
    it.show(seen);
    REQUIRE(it.asks<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover == handover_request{"b", {1}, true});
}

TEST_CASE("whoever was not reached stands behind all others, until its pause is over") {
    auto it = not_reached();
    const auto pause = *pause_armed(it);
    CHECK(pause.delay >= unreached_leader::first_pause / 2);
    it.show(seen_by_unreached(false));
    it.answer(ensemble_reply::done);
    it.on(event::leader_changed{1});
    auto left = driver::led_by("b", theirs, 2);
    left.candidates.clear();
    it.show(left);
    if (it.asks<action::read>()) it.show(left);
    REQUIRE(it.asks<action::create_candidate>());
    CHECK(it.find<action::create_candidate>()->record == candidate_record{"a", 0, true, true});
    it.answer(ensemble_reply::done);
    auto back = driver::led_by("b", theirs, 2);
    back.candidates.front().record.unreached = true;
    it.show(back);
    it.on(event::timer_fired{timer::unreached, pause.ticket});
    REQUIRE(it.asks<action::set_candidate>());
    CHECK(it.find<action::set_candidate>()->record == candidate_record{"a", 0, true});
    REQUIRE(pause_armed(it));
    CHECK(pause_armed(it)->delay == unreached_leader::peace);
}

TEST_CASE("a link ends it at once, and a node that does not serve is not told in vain") {
    auto it = not_reached();
    it.on(event::reached{});
    it.show(seen_by_unreached(false));
    CHECK_FALSE(it.asks<action::set_control>());
    driver follower;
    follower.follow();
    follower.on(event::unreached{});
    CHECK(follower.last.empty());
}
