#include "base/backoff.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace std::chrono_literals;

TEST_CASE("waiting times double up to a limit, however often") {
    CHECK(doubled(10ms, 250ms, 0) == 10ms);
    CHECK(doubled(10ms, 250ms, 1) == 20ms);
    CHECK(doubled(10ms, 250ms, 4) == 160ms);
    CHECK(doubled(10ms, 250ms, 5) == 250ms);
    CHECK(doubled(10ms, 250ms, 1'000'000) == 250ms);
}

TEST_CASE("each wait is between half of its time and the whole, and a reset begins anew") {
    backoff pauses(100ms, 3000ms, 1);
    for (int round = 0; round < 10; ++round) {
        const auto whole = doubled(100ms, 3000ms, round);
        const auto wait = pauses.next();
        CHECK(wait >= whole / 2);
        CHECK(wait <= whole);
    }
    CHECK(pauses.tries() == 10);
    pauses.reset();
    CHECK(pauses.next() <= 100ms);
}
