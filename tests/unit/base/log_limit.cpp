#include "base/log_limit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

TEST_CASE("ten lines a second pass and the next one tells how many did not") {
    log_limit lines;
    const log_limit::time_point start{std::chrono::hours(1)};
    for (int i = 0; i < 10; ++i) CHECK(lines.pass(start) == 0);
    for (int i = 0; i < 5; ++i) CHECK_FALSE(lines.pass(start));
    CHECK(lines.pass(start + std::chrono::seconds(1)) == 5);
}
