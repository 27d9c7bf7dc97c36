#include "election/next_step.hpp"

#include "driver.hpp"
#include "election/questions.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

/// Node "a" is connected and has read `seen` in full.
elector_state after_reading(group_snapshot seen, bool observer = false, bool eligible = true) {
    elector_state state(driver::options(observer, eligible));
    state.connected(1, driver::session);
    state.group.reading();
    seen.scope = scope::full;
    state.group.take_in(seen, driver::session);
    state.other.shown(seen, driver::session);
    state.group.find_place(driver::session, state.other.node());
    return state;
}

template <class Question>
bool asks(const any_step& next) {
    const auto* asked = std::get_if<step::ask>(&next);
    return asked != nullptr && std::holds_alternative<Question>(asked->question);
}

template <class Step>
bool is(const any_step& next) {
    return std::holds_alternative<Step>(next);
}

elector_state serving(group_snapshot seen = driver::led_by("a", driver::session, 4)) {
    auto state = after_reading(std::move(seen));
    state.own.elected({4}, true);
    state.own.fence_raised({4});
    state.own.declared(true);
    return state;
}

}  // namespace

TEST_CASE("a node makes the group, enrolls and becomes a candidate, in this order") {
    group_snapshot seen;
    seen.group_exists = false;
    CHECK(asks<action::create_parents>(next_step(after_reading(seen))));
    seen.group_exists = true;
    CHECK(asks<action::enroll>(next_step(after_reading(seen))));
    seen.self = member_seen{driver::session, "1"};
    CHECK(asks<action::create_candidate>(next_step(after_reading(seen))));
    CHECK(is<step::none>(next_step(after_reading(seen, true))));
}

TEST_CASE("a node replaces what another process has left that was bound where it is bound") {
    group_snapshot seen;
    seen.self = member_seen{theirs, "other", "7/1", 3, "boot net a:1"};
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000004", {"a", 0, true}, 0});
    seen.candidates.push_back({candidate_prefix(0x99) + "0000000005", {"b", 0, true}, 0});
    auto state = after_reading(seen);
    CHECK(is<step::wait_for_name>(next_step(state)));
    state.who.binding = "boot net a:2";
    CHECK(is<step::wait_for_name>(next_step(state)));
    state.who.binding = "boot net a:1";
    const auto next = next_step(state);
    REQUIRE(asks<action::enroll>(next));
    const auto& asked = std::get<action::enroll>(std::get<step::ask>(next).question);
    CHECK(asked.replaced_version == 3);
    CHECK(asked.replaced_candidates == std::vector<std::string>{candidate_prefix(theirs) + "0000000004"});
}

TEST_CASE("the same process is no earlier life, and what is not bound proves nothing") {
    group_snapshot seen;
    seen.self = member_seen{theirs, "1", "", 3, "boot net a:1"};
    auto state = after_reading(seen);
    state.who.binding = "boot net a:1";
    CHECK(is<step::wait_for_name>(next_step(state)));
    seen.self = member_seen{theirs, "other", "", 3, ""};
    state = after_reading(seen);
    CHECK(is<step::wait_for_name>(next_step(state)));
}

TEST_CASE("a node whose name is another session's waits and says so") {
    group_snapshot seen;
    seen.self = member_seen{0x99, "other"};
    const auto next = next_step(after_reading(seen));
    REQUIRE(is<step::wait_for_name>(next));
    CHECK(std::get<step::wait_for_name>(next).why.code == errc::name_taken);
}

TEST_CASE("the first in succession contests a vacant leadership, the others watch the one ahead") {
    auto seen = driver::enrolled();
    CHECK(is<step::contest>(next_step(after_reading(seen))));
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000001", {"b", 0, true}, 0});
    CHECK(asks<action::watch_candidate>(next_step(after_reading(seen))));
    seen.control.paused = true;
    seen.candidates.pop_back();
    CHECK(is<step::arm_vacancy>(next_step(after_reading(seen))));
}

TEST_CASE("one behind others contests when its turn has come, once it has read everything since") {
    auto seen = driver::enrolled();
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000001", {"b", 0, true}, 0});
    auto state = after_reading(seen);
    CHECK(state.waits_for_others());
    state.turn.comes();
    CHECK(is<step::contest>(next_step(state)));
    state.group.doubt();
    const auto doubtful = next_step(state);
    REQUIRE(is<step::read>(doubtful));
    CHECK(std::get<step::read>(doubtful).scope == scope::full);
}

TEST_CASE("nobody waits for others where somebody leads, the group is paused, or it could not lead itself") {
    auto seen = driver::enrolled();
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000001", {"b", 0, true}, 0});
    auto paused = seen;
    paused.control.paused = true;
    CHECK_FALSE(after_reading(paused).waits_for_others());
    CHECK_FALSE(after_reading(seen, false, false).waits_for_others());
    CHECK_FALSE(after_reading(driver::led_by("b", theirs, 4)).waits_for_others());
    CHECK_FALSE(after_reading(driver::enrolled()).waits_for_others());
}

TEST_CASE("a candidate that says something else than the node is set right before anything is contested") {
    auto seen = driver::enrolled();
    seen.candidates.front().record.eligible = false;
    CHECK(asks<action::set_candidate>(next_step(after_reading(seen))));
    CHECK(asks<action::set_candidate>(next_step(after_reading(driver::enrolled(), false, false))));
}

TEST_CASE("a death lets the next in succession contest, once it has read everything since") {
    auto state = after_reading(driver::led_by("b", theirs, 4));
    CHECK(is<step::none>(next_step(state)));
    state.death = process_death{{4}, "b", "9", "its link broke"};
    const auto next = next_step(state);
    REQUIRE(is<step::contest>(next));
    CHECK(std::get<step::contest>(next).evicts);
    state.group.doubt();
    const auto doubtful = next_step(state);
    REQUIRE(is<step::read>(doubtful));
    CHECK(std::get<step::read>(doubtful).scope == scope::full);
}

TEST_CASE("a node that was elected and did not know it raises the fence, if the term is news") {
    auto state = after_reading(driver::led_by("a", driver::session, 4));
    CHECK(is<step::raise_fence>(next_step(state)));
    state.own.elected({4}, true);
    CHECK(is<step::none>(next_step(state)));
    state.own.step_down();
    CHECK(asks<action::give_up>(next_step(state)));
}

TEST_CASE("a leader that serves declares it first, and then has nothing to do") {
    auto state = serving();
    CHECK(is<step::none>(next_step(state)));
    state.own.declared(false);
    CHECK(asks<action::declare_serving>(next_step(state)));
    state.group.need(scope::full);
    CHECK(asks<action::declare_serving>(next_step(state)));
    state.own.confirm(false);
    CHECK(is<step::read>(next_step(state)));
}

TEST_CASE("a node that has to go ends what it has, one by one") {
    auto fencing = after_reading(driver::led_by("a", driver::session, 4));
    fencing.own.elected({4}, true);
    fencing.stopping = true;
    CHECK(is<step::step_down>(next_step(fencing)));

    auto leader = serving();
    leader.stopping = true;
    CHECK(is<step::drain>(next_step(leader)));
    leader.own.begin_drain();
    CHECK(is<step::none>(next_step(leader)));
    leader.own.drained();
    CHECK(asks<action::give_up>(next_step(leader)));

    auto follower = after_reading(driver::led_by("b", theirs, 4));
    follower.stopping = true;
    CHECK(asks<action::remove_candidate>(next_step(follower)));
    follower.group.seen().candidates.clear();
    CHECK(asks<action::withdraw>(next_step(follower)));
    follower.group.withdrew();
    CHECK(is<step::finish>(next_step(follower)));
}

TEST_CASE("nobody enrolls before it has looked which database it has, and then says which") {
    auto options = driver::options(false, true);
    options.looks_at_database = true;
    elector_state state(options);
    state.connected(1, driver::session);
    state.group.reading();
    group_snapshot nobody;
    nobody.scope = scope::full;
    state.group.take_in(nobody, driver::session);
    CHECK(is<step::none>(next_step(state)));
    state.database.found("7/1");
    const auto next = next_step(state);
    REQUIRE(asks<action::enroll>(next));
    CHECK(std::get<action::enroll>(std::get<step::ask>(next).question).database == "7/1");
}

TEST_CASE("a node whose record says another database than it has enrolls anew") {
    auto seen = driver::led_by("b", theirs, 4);
    seen.self->version = 6;
    auto state = after_reading(seen);
    CHECK(is<step::none>(next_step(state)));
    state.database.found("7/1");
    const auto next = next_step(state);
    REQUIRE(asks<action::enroll>(next));
    CHECK(std::get<action::enroll>(std::get<step::ask>(next).question).replaced_version == 6);
}

TEST_CASE("a node with another database than the group's does not stand, and looks again where nobody leads") {
    auto seen = driver::enrolled();
    seen.self->database = "7/2";
    seen.terms = {{4, "b", "", "election", "", "7/1"}};
    auto state = after_reading(seen);
    state.database.found("7/2");
    state.database.shown(seen);
    CHECK(asks<action::remove_candidate>(next_step(state)));
    carried_out(state.group.seen(), action::remove_candidate{0, driver::own_candidate()});
    CHECK(is<step::arm_vacancy>(next_step(state)));
}

TEST_CASE("a member's znode that no session owns is replaced") {
    group_snapshot seen;
    seen.self = member_seen{0, "other", "", 3};
    const auto next = next_step(after_reading(seen));
    REQUIRE(asks<action::enroll>(next));
    CHECK(std::get<action::enroll>(std::get<step::ask>(next).question).replaced_version == 3);
}
