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

TEST_CASE("a timestamp is read back as the time that it shows") {
    constexpr auto noon = sys_days(year(2024) / May / 1) + hours(12) + milliseconds(250);
    CHECK(timestamp_in("2024-05-01T12:00:00.250Z") == system_clock::time_point(noon));
    CHECK(timestamp_in("1970-01-01T00:00:00.000Z") == system_clock::time_point());
}

TEST_CASE("a text that shows no time, or shows it otherwise, is none") {
    for (const char* text : {"", "2024-05-01", "2024-05-01T12:00:00Z", "2024-05-01T12:00:00.250+00",
                             "2024-05-01 12:00:00.250Z", "2023-02-29T12:00:00.250Z", "2024-13-01T12:00:00.250Z",
                             "2024-05-01T24:00:00.000Z", "2024-05-01T12:60:00.000Z", "2024-05-0xT12:00:00.000Z",
                             "-024-05-01T12:00:00.000Z", "9999-05-01T12:00:00.000Z", "1969-12-31T23:59:59.999Z"}) {
        INFO(text);
        CHECK_FALSE(timestamp_in(text));
    }
}

TEST_CASE("a time is kept as milliseconds, and a number that no clock shows is none") {
    constexpr auto noon = sys_days(year(2024) / May / 1) + hours(12) + milliseconds(250);
    CHECK(to_epoch_ms(noon) == 1'714'564'800'250U);
    CHECK(from_epoch_ms(1'714'564'800'250U) == noon);
    CHECK(to_epoch_ms(system_clock::time_point(milliseconds(-5))) == 0);
    CHECK(from_epoch_ms(~std::uint64_t{0}) == system_clock::time_point());
    CHECK(from_epoch_ms(std::uint64_t{1} << 53U) == system_clock::time_point());
    CHECK(from_epoch_ms(0) == system_clock::time_point());
}
