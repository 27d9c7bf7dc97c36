#include "tcp/link_pauses.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>

using namespace penholder::tcp;
using namespace std::chrono_literals;

TEST_CASE("a link that was steady is tried again at once, one that fails after longer and longer pauses") {
    link_pauses pauses(0ms, 1);
    CHECK(pauses.next(true) == 0ms);
    auto last = 0ms;
    for (int i = 0; i < 20; ++i) last = pauses.next(false);
    CHECK(last >= 250ms);
    CHECK(last <= 500ms);
    CHECK(pauses.next(true) == 0ms);
    CHECK(pauses.next(false) <= 2ms);
}

TEST_CASE("a link that can wait waits a random share of its patience, until it is hurried") {
    link_pauses pauses(2000ms, 1);
    auto longest = 0ms;
    for (int i = 0; i < 50; ++i) longest = std::max(longest, pauses.next(i == 0));
    CHECK(longest > 1000ms);
    CHECK(longest <= 2000ms);
    pauses.hurry();
    CHECK(pauses.next(true) == 0ms);
    CHECK(pauses.next(false) <= 2ms);
    pauses.linked();
    longest = 0ms;
    for (int i = 0; i < 50; ++i) longest = std::max(longest, pauses.next(true));
    CHECK(longest > 1000ms);
}
