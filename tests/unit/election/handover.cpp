#include "election/handover.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

/// Node "a" serves term 1, and "b" could follow.
group_snapshot with_heir() {
    auto seen = driver::led_by("a", driver::session, 1);
    seen.candidates.push_back({candidate_prefix(0x20) + "0000000009", {"b", 0, true}, 0});
    return seen;
}

/// Node "a" serves and has named "b" its heir.
driver about_to_hand_over() {
    driver it;
    it.serve();
    it.on(event::resign{});
    it.show(with_heir());
    REQUIRE(it.asks<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover == handover_request{"b", {1}, true});
    it.answer(ensemble_reply::done);
    return it;
}

/// Node "b" leads, as "a" sees it; "a" is named its heir in `control`.
group_snapshot named(bool agreed, std::uint64_t from_term = 4) {
    auto seen = driver::led_by("b", 0x20, 4);
    seen.candidates.push_back({candidate_prefix(0x20) + "0000000001", {"b", 0, true}, 2});
    seen.control.handover = handover_request{"a", {from_term}, agreed};
    seen.control_version = 3;
    return seen;
}

driver after_being_named(const group_snapshot& seen) {
    driver it;
    it.follow();
    it.on(event::control_changed{1});
    it.show(seen);
    if (it.asks<action::read>()) it.show(seen);
    return it;
}

}  // namespace

TEST_CASE("a leader that hands over serves until its heir has taken over") {
    auto it = about_to_hand_over();
    CHECK(it.elector.current().role == role::serving);
    CHECK_FALSE(it.asks<action::drain>());
    it.on(event::leader_changed{1});
    it.show(driver::led_by("b", 0x20, 2));
    CHECK(it.elector.current().role == role::follower);
    CHECK_FALSE(it.asks<action::log>());
}

TEST_CASE("an heir takes `leader` in one transaction from the leader that agreed") {
    const auto it = after_being_named(named(true));
    const auto* asked = it.find<action::lead>();
    REQUIRE(asked);
    REQUIRE(asked->removed);
    CHECK_FALSE(asked->removed->proof);
    CHECK_FALSE(asked->removed->member_version);
    CHECK(asked->removed->leader_version == 1);
    CHECK(asked->removed->candidate == candidate_prefix(0x20) + "0000000001");
    CHECK(asked->removed->candidate_version == 2);
    CHECK(asked->control == control_record{});
    CHECK(asked->control_version == 3);
    CHECK(asked->terms.back() == term_record{5, "a", {}, "handover", {}});
}

TEST_CASE("nobody takes `leader` from a leader that has not agreed, or agreed in an earlier term") {
    CHECK_FALSE(after_being_named(named(false)).asks<action::lead>());
    CHECK_FALSE(after_being_named(named(true, 3)).asks<action::lead>());
    auto another = named(true);
    another.control.handover->to = "c";
    CHECK_FALSE(after_being_named(another).asks<action::lead>());
    auto paused = named(true);
    paused.control.paused = true;
    CHECK_FALSE(after_being_named(paused).asks<action::lead>());
}

TEST_CASE("an heir takes over whatever term a database has shown it that lost its tail since") {
    driver it;
    it.on(event::database_term{{9}});
    it.follow();
    it.on(event::control_changed{1});
    it.show(named(true));
    it.show(named(true));
    REQUIRE(it.asks<action::lead>());
    CHECK(it.find<action::lead>()->leader.term == term{10});
}

TEST_CASE("an heir that does not take over in time is not waited for any longer, and the leader goes on") {
    driver it;
    it.serve();
    auto requested = with_heir();
    requested.control.handover = handover_request{"b", {1}};
    it.on(event::control_changed{1});
    it.show(requested);
    it.show(requested);
    REQUIRE(it.asks<action::set_control>());
    const auto armed = *it.find<action::arm>();
    it.answer(ensemble_reply::done);
    it.on(event::timer_fired{timer::heir, armed.ticket});
    REQUIRE(it.asks<action::refuse>());
    CHECK(it.find<action::refuse>()->why.message.find("node b did not take over") == 0);
    REQUIRE(it.asks<action::set_control>());
    CHECK_FALSE(it.find<action::set_control>()->control.handover);
    CHECK(it.elector.current().role == role::serving);
}

TEST_CASE("a leader that retires hands over, and stands for the leadership no more") {
    driver it;
    it.serve();
    it.on(event::retire{});
    it.show(with_heir());
    REQUIRE(it.find<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover == handover_request{"b", {1}, true});
    it.answer(ensemble_reply::done);
    CHECK(it.elector.current().role == role::serving);
    it.on(event::leader_changed{1});
    auto after = driver::led_by("b", theirs, 2);
    it.show(after);
    it.show(after);
    REQUIRE(it.asks<action::set_candidate>());
    CHECK_FALSE(it.find<action::set_candidate>()->record.eligible);
}

TEST_CASE("a leader that retires goes on while nobody can take over, and looks again") {
    driver it;
    it.serve();
    it.on(event::retire{});
    it.show(driver::led_by("a", driver::session, 1));
    CHECK(it.elector.current().role == role::serving);
    CHECK_FALSE(it.asks<action::log>());
    REQUIRE(it.find<action::arm>());
    const auto armed = *it.find<action::arm>();
    it.on(event::timer_fired{armed.which, armed.ticket});
    it.show(with_heir());
    REQUIRE(it.find<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover->to == "b");
}

TEST_CASE("whom operators have drained hands over, and stands again when they say so") {
    driver it;
    it.serve();
    auto drained = with_heir();
    drained.control.drained = {"a"};
    it.on(event::control_changed{1});
    it.show(drained);
    if (it.asks<action::read>()) it.show(drained);
    REQUIRE(it.find<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover->to == "b");
    CHECK(it.find<action::set_control>()->control.drained == std::vector<std::string>{"a"});

    driver other;
    other.follow();
    auto seen = driver::led_by("b", theirs, 4);
    seen.control.drained = {"a"};
    other.on(event::control_changed{1});
    other.show(seen);
    REQUIRE(other.find<action::set_candidate>());
    CHECK_FALSE(other.find<action::set_candidate>()->record.eligible);
}

TEST_CASE("a drained node is no heir, and who is drained alone leads where nobody else can") {
    auto seen = with_heir();
    seen.candidates.back().record.eligible = false;
    CHECK(choose_heir(seen, next_in_succession, "a", "").empty());
    seen.control.drained = {"a"};
    own_state::serving own{{1}};
    const handover_situation in{"orders", "a", false, true, true, std::chrono::seconds(2)};
    CHECK(std::holds_alternative<step::look_again>(next_handover_step(seen, own, in)));
    own.resigning = true;
    CHECK(std::holds_alternative<step::refuse>(next_handover_step(seen, own, in)));
}

TEST_CASE("who has to go names the next one where its heir does not take over, and gives up where there is none") {
    driver it;
    it.serve();
    it.on(event::stop{});
    auto seen = with_heir();
    seen.candidates.push_back({candidate_prefix(0x30) + "0000000010", {"c", 0, true}, 0});
    it.show(seen);
    REQUIRE(it.find<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover->to == "b");
    auto armed = *it.find<action::arm>();
    it.answer(ensemble_reply::done);
    it.on(event::timer_fired{timer::heir, armed.ticket});
    REQUIRE(it.find<action::set_control>());
    CHECK(it.find<action::set_control>()->control.handover->to == "c");

    driver alone;
    alone.serve();
    alone.on(event::stop{});
    alone.show(driver::led_by("a", driver::session, 1));
    CHECK(alone.asks<action::drain>());
    alone.on(event::drained{{1}});
    CHECK(alone.asks<action::give_up>());
}

TEST_CASE("a leader that named its heir before a disconnect waits for it after the reconnect") {
    auto it = about_to_hand_over();
    it.on(event::session_suspended{1});
    CHECK(it.elector.current().role == role::suspended);
    it.connect();
    auto seen = with_heir();
    seen.control.handover = handover_request{"b", {1}, true};
    it.show(seen);
    CHECK(it.elector.current().role == role::serving);
    CHECK_FALSE(it.asks<action::set_control>());
    CHECK_FALSE(it.asks<action::drain>());
}

TEST_CASE("a leader asked for nothing does nothing, and clears a request for another term") {
    const own_state::serving own{{4}, true, true};
    auto seen = driver::led_by("a", driver::session, 4);
    const handover_situation here{"orders", "a", false, false, true, std::chrono::milliseconds(10)};
    CHECK(std::holds_alternative<step::none>(next_handover_step(seen, own, here)));
    seen.control.handover = handover_request{"b", {3}};
    const auto cleared = next_handover_step(seen, own, here);
    REQUIRE(std::holds_alternative<step::ask>(cleared));
    CHECK_FALSE(std::get<action::set_control>(std::get<step::ask>(cleared).question).control.handover);
}

TEST_CASE("an heir is chosen among those who could lead, without the leader and whoever timed out") {
    auto seen = with_heir();
    CHECK(choose_heir(seen, "*", "a", "") == "b");
    CHECK(choose_heir(seen, "b", "a", "") == "b");
    CHECK(choose_heir(seen, "c", "a", "").empty());
    CHECK(choose_heir(seen, "*", "a", "b").empty());
    CHECK(choose_heir(seen, "a", "a", "").empty());
    CHECK(choose_heir(seen, "", "a", "").empty());
    seen.candidates.back().record.eligible = false;
    CHECK(choose_heir(seen, "*", "a", "").empty());
}

TEST_CASE("a paused group is handed over by nobody, and a leader that has to go drains instead") {
    own_state::serving own{{1}, true, true};
    own.resigning = true;
    auto seen = with_heir();
    seen.control.paused = true;
    handover_situation here{"orders", "a", false, false, true, std::chrono::milliseconds(10)};
    const auto refused = next_handover_step(seen, own, here);
    REQUIRE(std::holds_alternative<step::refuse>(refused));
    CHECK(std::get<step::refuse>(refused).why.code == errc::paused);
    here.stopping = true;
    CHECK(std::holds_alternative<step::drain>(next_handover_step(seen, own, here)));
}
