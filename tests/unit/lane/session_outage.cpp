#include "pool_bench.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

TEST_CASE("that the ledger cannot be asked stays an outage while new keys are written without asking") {
    pool_bench on;
    const auto no_look_up = answering("SELECT kind, id", failing("42501"));
    auto repeated = keyed("repeated", call);
    repeated.taken.again = true;
    repeated.taken.deadline = on.at + 60s;
    on.submit(repeated);
    int fresh = 0;
    for (int times = 0; times < 40; ++times) {
        auto one = keyed("fresh-" + std::to_string(fresh), call);
        one.taken.again = false;
        one.taken.deadline = on.at + 60s;
        on.submit(one);
        ++fresh;
        for (int which = 1; which <= 4; ++which) on.serve_out(which, no_look_up);
        on.at += 100ms;
        on.begin();
    }
    CHECK(on.answers.size() > 30);
    REQUIRE(on.outage());
    CHECK(on.outage()->find("42501") != std::string::npos);
    for (int times = 0; times < 20; ++times) {
        for (int which = 1; which <= 4; ++which) on.serve_out(which);
        on.at += 100ms;
        on.begin();
    }
    CHECK_FALSE(on.outage());
}
