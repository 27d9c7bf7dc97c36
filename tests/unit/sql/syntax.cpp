#include "sql/syntax.hpp"

#include "sql/screening.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

TEST_CASE("what is no SQL is told as PostgreSQL tells it, with the place") {
    const auto found = sql::syntax_error_in("SELEC 1");
    REQUIRE(found.has_value());
    CHECK(*found ==
          error{errc::statement_failed, "syntax error at or near \"SELEC\"", "42601", std::nullopt, std::size_t{1}});
    CHECK(sql::syntax_error_in("UPDATE t SET a = 'ä' WHRE 1")->position == 22);
    CHECK_FALSE(sql::syntax_error_in("VACUUM").has_value());
    CHECK_FALSE(sql::syntax_error_in("SELECT $1").has_value());
}

TEST_CASE("a text that is too long to be looked at is none that is found wrong") {
    CHECK_FALSE(sql::syntax_error_in("SELEC '" + std::string(70'000, 'x') + "'").has_value());
}

TEST_CASE("a misspelt statement is no forbidden one, and a forbidden one is no misspelt one") {
    CHECK(sql::screen_statement("  SELEC 1").error().position == 3);
    CHECK(sql::screen_statement("INSRT INTO t VALUES (1)").error().sqlstate == "42601");
    CHECK(sql::screen_statement("VACUUM").error().code == errc::forbidden_statement);
    CHECK(sql::screen_statement("LISTEN c").error().code == errc::forbidden_statement);
    // What newer grammars have is not called misspelt for what is forbidden in it.
    CHECK(sql::screen_statement("MERGE INTO penholder.fence USING t ON true WHEN MATCHED THEN DELETE").error().code ==
          errc::forbidden_statement);
}
