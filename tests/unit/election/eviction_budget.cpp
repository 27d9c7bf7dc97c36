#include "election/eviction_budget.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

TEST_CASE("a budget is spent one by one, and full again after a quiet time") {
    eviction_budget two(2);
    two.spend();
    CHECK(two.allows_one());
    two.spend();
    CHECK_FALSE(two.allows_one());
    CHECK(two.reason_to_withhold() == "too many evictions lately");
    two.refill();
    CHECK(two.allows_one());
}

TEST_CASE("what was certainly not carried out is given back, and never more than there was") {
    eviction_budget one(1);
    one.give_back();
    one.spend();
    CHECK_FALSE(one.allows_one());
    one.give_back();
    CHECK(one.allows_one());
    one.spend();
    CHECK_FALSE(one.allows_one());
}

TEST_CASE("a budget of none says that sessions decide") {
    eviction_budget none(0);
    CHECK_FALSE(none.allows_one());
    none.refill();
    none.give_back();
    CHECK_FALSE(none.allows_one());
    CHECK(none.reason_to_withhold() == "takeover waits for sessions to end");
}

TEST_CASE("a withheld eviction is news once for each term") {
    eviction_budget none(0);
    CHECK(none.withhold(term{4}));
    CHECK_FALSE(none.withhold(term{4}));
    CHECK(none.withhold(term{5}));
}

TEST_CASE("evictions that were carried out are counted") {
    eviction_budget two(2);
    two.spend();
    CHECK(two.done() == 0);
    two.evicted();
    CHECK(two.done() == 1);
}
