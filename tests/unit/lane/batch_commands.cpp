#include "lane/batch_commands.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

TEST_CASE("the guard names group, term and slot, and bounds the statements of its transaction only") {
    auto of_a_session = settings;
    of_a_session.slot = {3};
    const auto sent = guard(of_a_session, 250);
    CHECK(sent.sql.starts_with("SELECT penholder.guard($1"));
    CHECK(sent.sql.find("set_config('statement_timeout', $4, true)") != std::string::npos);
    CHECK(sent.sql.find("set_config('lock_timeout', $5, true)") != std::string::npos);
    CHECK(sent.params == std::vector<penholder::parameter>{"g", "7", "3", "250", "20"});
    CHECK(guard(of_a_session, 10).params.back() == "10");  // No wait for a lock is longer than its statement may take.
}

TEST_CASE("the check of the catalogue names the stamp that the lane's facts are of") {
    const auto sent = check_catalogue(settings);
    CHECK(sent.sql.starts_with("SELECT penholder.check_catalogue($1"));
    CHECK(sent.params == std::vector<penholder::parameter>{"5"});
}

TEST_CASE("a statement may take what is left to its write's deadline, within the connection's bounds") {
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

TEST_CASE("the types that only the catalogue names are asked for in one command") {
    const auto sent = ask_type_names({{0, 16'432, -1}, {3, 16'500, 7}});
    CHECK(sent.sql.starts_with("SELECT pg_catalog.format_type"));
    CHECK(sent.params == std::vector<penholder::parameter>{"{16432,16500}", "{-1,7}"});
}
