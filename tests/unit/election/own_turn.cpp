#include "election/own_turn.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace penholder::election;
using namespace std::chrono_literals;

TEST_CASE("each one ahead has a pause to itself, and nobody waits as long as the next one behind") {
    std::set<std::chrono::milliseconds> drawn;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        own_turn it(400ms, seed);
        for (const std::size_t ahead : {1U, 2U, 7U}) {
            const auto wait = it.comes_after(ahead);
            CHECK(wait >= ahead * 400ms);
            CHECK(wait < (ahead + 1) * 400ms);
        }
        drawn.insert(it.comes_after(1));
    }
    CHECK(drawn.size() > 10);
}

TEST_CASE("a turn that has come is one until it is over") {
    own_turn it(400ms, 1);
    CHECK_FALSE(it.has_come());
    it.comes();
    CHECK(it.has_come());
    it.is_over();
    CHECK_FALSE(it.has_come());
}
