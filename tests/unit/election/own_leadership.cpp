#include "election/own_leadership.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

own_leadership serving_in(std::uint64_t number = 3) {
    own_leadership it;
    it.elected({number}, true);
    REQUIRE(it.fence_raised({number}));
    return it;
}

}  // namespace

TEST_CASE("a node serves only after the fence of its own term was raised") {
    own_leadership it;
    CHECK_FALSE(it.leads());
    CHECK_FALSE(it.fence_raised({3}));
    it.elected({3}, false);
    CHECK(it.is_fencing());
    CHECK_FALSE(it.serves());
    CHECK_FALSE(it.fence_raised({2}));
    CHECK(it.is_fencing());
    CHECK(it.fence_raised({3}));
    CHECK(it.serves());
    CHECK_FALSE(it.fence_raised({3}));
    CHECK(it.leads_term({3}));
    CHECK_FALSE(it.leads_term({4}));
}

TEST_CASE("a node that stepped down remembers its last term and whether it had served") {
    own_leadership it;
    it.step_down();
    CHECK(it.term() == term{});
    it.elected({3}, true);
    it.step_down();
    CHECK(it.term() == term{3});
    CHECK_FALSE(it.has_served());
    it.elected({5}, true);
    it.fence_raised({5});
    CHECK(it.has_served());
    it.step_down();
    CHECK_FALSE(it.leads());
    CHECK(it.term() == term{5});
    CHECK(it.has_served());
}

TEST_CASE("what was confirmed while fencing stays so while serving") {
    own_leadership it;
    it.confirm(true);
    CHECK_FALSE(it.is_confirmed());
    it.elected({3}, false);
    it.confirm(true);
    it.fence_raised({3});
    CHECK(it.is_confirmed());
    it.confirm(false);
    CHECK_FALSE(it.is_confirmed());
}

TEST_CASE("a leader that serves is undeclared until its znode says so") {
    own_leadership it;
    it.elected({3}, true);
    CHECK_FALSE(it.is_undeclared());
    it.fence_raised({3});
    CHECK(it.is_undeclared());
    it.declared(true);
    CHECK_FALSE(it.is_undeclared());
}

TEST_CASE("an heir that timed out is remembered until the handover is forgotten") {
    auto it = serving_in();
    it.resign();
    it.name_heir("b");
    it.heir_timed_out();
    CHECK(it.serving()->heir.empty());
    CHECK(it.serving()->heir_timed_out == "b");
    CHECK(it.serving()->resigning);
    it.forget_handover();
    CHECK(it.serving()->heir_timed_out.empty());
    CHECK_FALSE(it.serving()->resigning);
}

TEST_CASE("a draining leader still serves, keeps what it knows, and finishes once") {
    auto it = serving_in();
    it.declared(true);
    it.name_heir("b");
    it.heir_timed_out();
    CHECK_FALSE(it.drained());
    it.begin_drain();
    CHECK(it.serves());
    CHECK(it.serving()->heir_timed_out == "b");
    CHECK_FALSE(it.is_undeclared());
    CHECK_FALSE(it.draining()->finished);
    CHECK(it.drained());
    CHECK(it.draining()->finished);
    CHECK_FALSE(it.drained());
}

TEST_CASE("a stopped node leads nothing, whatever it was before") {
    auto it = serving_in();
    it.stop();
    CHECK(it.is_stopped());
    CHECK_FALSE(it.leads());
    CHECK_FALSE(it.has_served());
    it.step_down();
    CHECK(it.is_stopped());
}

TEST_CASE("what a leader was asked to do, or was told of its reach, ends with its term or when it is forgotten") {
    auto it = serving_in();
    it.set_unreached(true);
    it.resign();
    CHECK(it.serving()->unreached);
    it.forget_handover();
    CHECK_FALSE(it.serving()->unreached);
    CHECK_FALSE(it.serving()->resigning);
    it.set_unreached(true);
    it.step_down();
    it.set_unreached(true);  // It leads nothing.
    it.elected({4}, true);
    it.fence_raised({4});
    CHECK_FALSE(it.serving()->unreached);
}
