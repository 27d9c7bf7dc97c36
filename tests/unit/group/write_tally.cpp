#include "group/write_tally.hpp"

#include "values.hpp"
#include "write/receipts.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

receipt committed_receipt(bool replayed = false) {
    receipt made;
    made.outcome = outcome::committed;
    made.replayed = replayed;
    return made;
}

}  // namespace

TEST_CASE("answers are counted by their outcome") {
    write_tally tally("orders", "a");
    tally.answered(committed_receipt(), noon);
    tally.answered(committed_receipt(true), noon);
    tally.answered(rejected_receipt("k", errc::statement_failed, "no"), noon);
    tally.answered(rejected_receipt("k", errc::overloaded, "full"), noon);
    tally.answered(unknown_receipt("k", errc::outcome_unknown, "lost"), noon);
    tally.forwarded();
    tally.forwarded();
    tally.not_forwarded();
    const auto& counted = tally.counters();
    CHECK(counted.committed == 2);
    CHECK(counted.replayed == 1);
    CHECK(counted.rejected == 2);
    CHECK(counted.overloaded == 1);
    CHECK(counted.unknown == 1);
    CHECK(counted.forwarded == 1);
}

TEST_CASE("the log tells of each write that was not committed, and why") {
    write_tally tally("orders", "a");
    CHECK_FALSE(tally.answered(committed_receipt(), noon));
    const auto line = tally.answered(rejected_receipt("order-1", errc::statement_failed, "a\n\"b\""), noon);
    REQUIRE(line);
    CHECK(line->event == "write_rejected");
    CHECK_FALSE(line->warning);
    CHECK(value_of(*line, "group") == "orders");
    CHECK(value_of(*line, "write_id") == "order-1");
    CHECK(value_of(*line, "code") == "statement_failed");
    CHECK(value_of(*line, "reason") == "a\n\"b\"");
    CHECK(value_of(*line, "kept_back") == "none");
    CHECK(value_of(*line, "term") == "none");
    CHECK(value_of(*line, "sqlstate") == "none");
    CHECK(tally.answered(unknown_receipt("order-1", errc::in_flight, "busy"), noon)->event == "write_unknown");
}

TEST_CASE("the log's line has the term that decided, and the SQLSTATE, where there are such") {
    write_tally tally("orders", "a");
    auto decided = rejected_receipt("k", errc::statement_failed, "42P01: no table", "42P01");
    decided.term = 7;
    const auto line = tally.answered(decided, noon);
    REQUIRE(line);
    CHECK(value_of(*line, "term") == "7");
    CHECK(value_of(*line, "sqlstate") == "42P01");
}

TEST_CASE("of those that an overload turns away a few a second stand for all") {
    write_tally tally("orders", "a");
    const auto turn_away = [&](time_point when) {
        return tally.answered(rejected_receipt("k", errc::overloaded, "full"), when);
    };
    int lines = 0;
    for (int count = 0; count < 100; ++count) lines += turn_away(noon).has_value() ? 1 : 0;
    CHECK(lines == 10);
    const auto next = turn_away(noon + 1s);
    REQUIRE(next);
    CHECK(value_of(*next, "kept_back") == "90");
    CHECK(tally.counters().overloaded == 101);
}
