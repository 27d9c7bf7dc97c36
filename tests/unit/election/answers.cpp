#include "election/answers.hpp"

#include "driver.hpp"
#include "election/questions.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

elector_state connected() {
    elector_state state(driver::options(false, true));
    state.connected(1, driver::session);
    state.group.reading();
    return state;
}

elector_state serving_leader() {
    auto state = connected();
    take_snapshot(state, full(driver::led_by("a", driver::session, 4)));
    begin_term(state, {4}, true);
    state.own.fence_raised({4});
    state.own.declared(true);
    state.out.take();
    return state;
}

const action::log* log_of(const actions& said) {
    for (const auto& each : said) {
        if (const auto* found = std::get_if<action::log>(&each)) return found;
    }
    return nullptr;
}

action::lead eviction() {
    const process_death proof{{4}, "b", "9", "its link broke"};
    const auto seen = full(driver::led_by("b", theirs, 4));
    return question_to_lead(seen, driver::options(false, true), {driver::session}, {5}, &proof);
}

}  // namespace

TEST_CASE("a snapshot shows whom to follow, the highest term, and the own place") {
    auto state = connected();
    auto seen = full(driver::led_by("b", theirs, 4));
    seen.leader->record->term = {6};
    take_snapshot(state, seen);
    CHECK(state.highest == term{6});
    CHECK(state.other.node() == "b");
    CHECK(state.group.is_first());
    CHECK_FALSE(state.group.needed());
}

TEST_CASE("a leader whose predecessor in the queue leads reads again until it has a place") {
    auto state = connected();
    auto seen = full(driver::enrolled());
    seen.candidates.push_back({candidate_prefix(theirs) + "0000000001", {"b", 0, true}, 0});
    take_snapshot(state, seen);
    CHECK(state.group.is_behind("b"));
    auto led = driver::led_by("b", theirs, 4);
    take_snapshot(state, led);
    CHECK(state.group.needed() == scope::full);
}

TEST_CASE("a leadership whose znode is gone is over, and the log says so unless an heir has it") {
    auto lost = serving_leader();
    take_snapshot(lost, full(driver::led_by("b", theirs, 5)));
    CHECK_FALSE(lost.own.leads());
    const auto said = lost.out.take();
    REQUIRE(log_of(said) != nullptr);
    CHECK(*log_of(said) == action::log{"leadership_lost", {{"term", "4"}}});

    auto handed_over = serving_leader();
    handed_over.own.name_heir("b");
    take_snapshot(handed_over, full(driver::led_by("b", theirs, 5)));
    CHECK_FALSE(handed_over.own.leads());
    const auto said_then = handed_over.out.take();
    CHECK(log_of(said_then) == nullptr);
}

TEST_CASE("a leadership whose znode was overwritten goes on and has to be declared again") {
    auto state = serving_leader();
    auto seen = full(driver::led_by("a", driver::session, 4));
    seen.leader->record.reset();
    take_snapshot(state, seen);
    CHECK(state.own.serves());
    CHECK(state.own.is_undeclared());
}

TEST_CASE("a node that won begins its term, unless it has changed its mind") {
    auto state = connected();
    take_done(state, eviction());
    CHECK(state.own.is_fencing());
    CHECK(state.own.is_confirmed());
    CHECK(state.highest == term{5});
    CHECK(state.evictions.done() == 1);
    const auto said = state.out.take();
    REQUIRE(log_of(said) != nullptr);
    CHECK(log_of(said)->event == "leader_evicted");
    CHECK(log_of(said)->fields.back() == action::log::field{"evidence", "its link broke"});
    CHECK(std::get<action::raise_fence>(said.back()).term == term{5});

    auto leaving = connected();
    leaving.stopping = true;
    take_done(leaving, eviction());
    CHECK_FALSE(leaving.own.leads());
    CHECK(leaving.owns_leader());
}

TEST_CASE("a failure reads everything again; only what was certainly not done is given back") {
    auto raced = connected();
    for (int i = 0; i < 5; ++i) raced.evictions.spend();
    take_failure(raced, eviction(), {1, ensemble_reply::bad_version, ""});
    CHECK(raced.evictions.allows_one());
    CHECK(raced.inquiry.is_idle());
    CHECK(raced.group.needed() == scope::full);
    CHECK_FALSE(raced.inquiry.trouble());

    auto lost = connected();
    for (int i = 0; i < 5; ++i) lost.evictions.spend();
    take_failure(lost, eviction(), {1, ensemble_reply::lost, "gone"});
    CHECK_FALSE(lost.evictions.allows_one());
    CHECK_FALSE(lost.inquiry.is_idle());
    CHECK(lost.timers.is_armed(timer::retry));
    REQUIRE(lost.inquiry.trouble());
    CHECK(lost.inquiry.trouble()->message == "gone");
}

TEST_CASE("a leader whose declaration failed is not sure of its znode any more") {
    auto state = serving_leader();
    take_failure(state, question_to_declare(state.seen(), state.who, {4}), {1, ensemble_reply::bad_version, ""});
    CHECK_FALSE(state.own.is_confirmed());
    CHECK(state.own.serves());
}

TEST_CASE("an heir that was agreed upon in `control` is waited for") {
    auto state = serving_leader();
    take_done(state, action::set_control{1, {false, handover_request{"b", {4}, true}}, 0});
    CHECK(state.own.serving()->heir == "b");
    take_done(state, action::set_control{2, {false, std::nullopt}, 1});
    CHECK(state.own.serving()->heir == "b");
    CHECK(state.seen().control_version == 2);
}

TEST_CASE("a withheld eviction is logged once, with its reason") {
    auto state = connected();
    take_snapshot(state, full(driver::led_by("b", theirs, 4)));
    state.death = process_death{{4}, "b", "9", "its link broke"};
    note_withheld_eviction(state);
    CHECK(state.out.take().empty());
    for (int i = 0; i < 5; ++i) state.evictions.spend();
    note_withheld_eviction(state);
    const auto said = state.out.take();
    REQUIRE(log_of(said) != nullptr);
    CHECK(log_of(said)->event == "eviction_withheld");
    CHECK(log_of(said)->fields.back() == action::log::field{"reason", "too many evictions lately"});
    note_withheld_eviction(state);
    CHECK(state.out.take().empty());
}
