#include "lane/batch_commands.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

const batch_settings settings{"g", {7}, 1000, 10, 20};

}  // namespace

TEST_CASE("the guard names group and term and bounds the statements of its transaction only") {
    const auto sent = guard(settings, 250);
    CHECK(sent.sql ==
          "SELECT penholder.guard($1::text, $2::bigint), pg_catalog.set_config('statement_timeout', $3, true)");
    CHECK(sent.params == std::vector<penholder::parameter>{"g", "7", "250"});
}

TEST_CASE("a statement may take what is left to its write's deadline, within the lane's bounds") {
    const auto one = given(1);  // 5 seconds
    CHECK(statement_timeout_ms(settings, one, now) == 1000);
    CHECK(statement_timeout_ms(settings, one, now + 4500ms) == 500);
    CHECK(statement_timeout_ms(settings, one, now + 4999ms + 500us) == 20);
    CHECK(statement_timeout_ms(settings, one, now + 1h) == 20);
}

TEST_CASE("rows are empty where there is neither a key nor an origin") {
    ledger_rows rows;
    CHECK(rows.empty());
    rows.origins.emplace_back("n.0000000000000001");
    CHECK_FALSE(rows.empty());
}
