#include "ledger/origin_ledger.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::origin_mark;
using penholder::ledger::origin_ledger;
using state = origin_ledger::state;

TEST_CASE("a sequence number never seen is fresh") {
    CHECK(origin_ledger{}.look_up(1, {1, {}}) == state::fresh);
}

TEST_CASE("an answer is kept as long as its origin can ask for it") {
    origin_ledger ledger;
    ledger.absorb({1, {}});
    ledger.add(1, "first");
    ledger.add(2, "second");
    CHECK(ledger.look_up(1, {1, {}}) == state::answered);
    CHECK(ledger.answer(2) == "second");
    ledger.absorb({3, {2}});
    CHECK(ledger.look_up(1, {3, {2}}) == state::expired);
    CHECK(ledger.look_up(2, {3, {2}}) == state::answered);
    ledger.absorb({3, {}});
    CHECK(ledger.answers() == 0);
}

TEST_CASE("a kept number that was never applied may still be applied") {
    origin_ledger ledger;
    ledger.absorb({1, {}});
    ledger.absorb({9, {5}});
    CHECK(ledger.look_up(5, {9, {5}}) == state::fresh);
    CHECK(ledger.look_up(4, {9, {5}}) == state::expired);
}

TEST_CASE("a late copy with an old mark neither lowers the floor nor applies twice") {
    origin_ledger ledger;
    ledger.absorb({9, {}});
    ledger.absorb({2, {3}});
    CHECK(ledger.look_up(3, {2, {3}}) == state::expired);
}

TEST_CASE("below the floor of an origin whose row is gone nothing is claimed, except of what the origin keeps") {
    CHECK(origin_ledger{}.look_up(3, {9, {4}}) == state::expired);
    CHECK(origin_ledger{}.look_up(4, {9, {4}}) == state::fresh);
    CHECK(origin_ledger{}.look_up(9, {9, {4}}) == state::fresh);
}

TEST_CASE("an origin's state survives its bytes") {
    origin_ledger ledger;
    ledger.absorb({4, {2}});
    ledger.add(7, std::string("\0binary", 7));
    const auto again = origin_ledger::from_bytes(ledger.bytes());
    REQUIRE(again.has_value());
    CHECK(again->answer(7) == std::string("\0binary", 7));
    CHECK(again->look_up(3, {1, {}}) == state::expired);
    CHECK(again->look_up(2, {1, {}}) == state::fresh);
    CHECK_FALSE(origin_ledger::from_bytes("\xff\xff garbage").has_value());
}
