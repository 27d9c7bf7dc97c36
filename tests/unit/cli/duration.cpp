#include "cli/duration.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder::cli;
using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit, seconds without") {
    CHECK(parse_duration("500ms").value() == 500ms);
    CHECK(parse_duration("5").value() == 5s);
    CHECK(parse_duration("5s").value() == 5s);
    CHECK(parse_duration("0.25").value() == 250ms);
    CHECK(parse_duration("1.5m").value() == 90s);
    CHECK(parse_duration("2h").value() == 2h);
    CHECK(parse_duration("1d").value() == 24h);
    CHECK(parse_duration("0").value() == 0ms);
}

TEST_CASE("what is no duration is refused with an example") {
    for (const auto* text : {"", "abc", "5x", "-1", "1e400", "5 s", "ms", "nan", "99999999999999d", "s5"}) {
        const auto parsed = parse_duration(text);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().code == penholder::errc::invalid_argument);
        CHECK(parsed.error().message.find("500ms") != std::string::npos);
    }
}

TEST_CASE("a length is told in its two largest units") {
    CHECK(duration_text(0ms) == "0ms");
    CHECK(duration_text(350ms) == "350ms");
    CHECK(duration_text(12s) == "12s");
    CHECK(duration_text(12s + 999ms) == "12s");
    CHECK(duration_text(192s) == "3m12s");
    CHECK(duration_text(180s) == "3m");
    CHECK(duration_text(52h + 5min) == "2d4h");
    CHECK(duration_text(-5s) == "0ms");
}

TEST_CASE("times are ISO 8601 in UTC, with or without a fraction") {
    const auto when = parse_time("2026-11-23T19:30:02Z");
    REQUIRE(when);
    CHECK(time_text(*when) == "2026-11-23T19:30:02Z");
    CHECK(*parse_time("2026-11-23T19:30:02.250Z") - *when == 250ms);
    CHECK_FALSE(parse_time("2026-11-23 19:30:02"));
    CHECK_FALSE(parse_time("yesterday"));
    CHECK_FALSE(parse_time("026-11-23T19:30:02Z"));  // No clock of ours can hold it.
    CHECK_FALSE(parse_time("9026-11-23T19:30:02Z"));
    CHECK_FALSE(parse_time("2026-13-23T19:30:02Z"));
    CHECK_FALSE(parse_time(""));
}

}  // namespace
