#include "base/timestamp.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace std::chrono;

TEST_CASE("a timestamp is ISO 8601 in UTC with milliseconds") {
    constexpr auto noon = sys_days(year(2024) / May / 1) + hours(12);
    CHECK(timestamp(noon + milliseconds(250)) == "2024-05-01T12:00:00.250Z");
    CHECK(timestamp(noon) == "2024-05-01T12:00:00.000Z");
    CHECK(timestamp(system_clock::time_point()) == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("what is finer than a millisecond is cut off, not rounded") {
    constexpr auto eve = sys_days(year(1999) / December / 31) + hours(24) - microseconds(1);
    CHECK(timestamp(eve) == "1999-12-31T23:59:59.999Z");
}

TEST_CASE("a leap day has its timestamp") {
    CHECK(timestamp(sys_days(year(2028) / February / 29)) == "2028-02-29T00:00:00.000Z");
}
