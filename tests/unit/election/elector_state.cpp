#include "election/elector_state.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

elector_state having_seen(group_snapshot seen, bool observer = false) {
    elector_state state(driver::options(observer, true));
    state.connected(1, driver::session);
    seen.scope = scope::full;
    state.group.take_in(seen, driver::session);
    state.other.shown(seen, driver::session);
    state.group.find_place(driver::session, state.other.node());
    return state;
}

}  // namespace

TEST_CASE("a role is what the node is, from offline over follower and fencing to serving, suspended and back") {
    elector_state state(driver::options(false, true));
    CHECK(state.now().role == role::offline);
    state = having_seen(driver::led_by("b", 0x20, 4));
    CHECK(state.now() == leadership{"orders", role::follower, 4, "b", "b:1", true});
    CHECK(having_seen(driver::led_by("b", 0x20, 4), true).now().role == role::observer);
    state.own.elected({5}, true);
    CHECK(state.now() == leadership{"orders", role::fencing, 5, "a", "a:1", false});
    state.own.fence_raised({5});
    CHECK(state.now() == leadership{"orders", role::serving, 5, "a", "a:1", true});
    state.suspended();
    CHECK(state.now().role == role::suspended);
    state.expired(1);
    CHECK(state.now().role == role::offline);
    CHECK(state.own.term() == term{5});
}

TEST_CASE("a leadership ends with its session, not with its connection") {
    auto state = having_seen(driver::led_by("a", driver::session, 4));
    state.own.elected({4}, true);
    state.suspended();
    state.connected(2, driver::session);
    CHECK(state.own.leads());
    CHECK(state.group.needed() == scope::full);
    state.connected(3, 0x77);
    CHECK_FALSE(state.own.leads());
    CHECK_FALSE(state.group.is_enrolled());
}

TEST_CASE("an observer, a node without its database and one whose fence failed are not eligible") {
    CHECK(having_seen(driver::enrolled()).eligible());
    CHECK_FALSE(having_seen(driver::enrolled(), true).eligible());
    auto state = having_seen(driver::enrolled());
    state.host_eligible = false;
    CHECK_FALSE(state.eligible());
    state.host_eligible = true;
    state.fence_backoff.failed({errc::database_unreachable, "gone"});
    CHECK_FALSE(state.eligible());
    CHECK_FALSE(state.candidacy().eligible);
}

TEST_CASE("a death makes vacant, until the budget is spent; then the next in succession withholds the eviction") {
    auto state = having_seen(driver::led_by("b", 0x20, 4));
    CHECK_FALSE(state.is_vacant());
    state.death = process_death{{4}, "b", "9", "its link broke"};
    CHECK(state.is_vacant());
    CHECK_FALSE(state.withholds_eviction());
    for (int i = 0; i < 5; ++i) state.evictions.spend();
    CHECK_FALSE(state.is_vacant());
    CHECK(state.withholds_eviction());
    state.stopping = true;
    CHECK_FALSE(state.withholds_eviction());
}
