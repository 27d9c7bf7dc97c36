#include "sql/advice.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::sql::advice;

// The codes are those of PostgreSQL's appendix A.
TEST_CASE("errors that a first statement often meets have advice of their own") {
    CHECK(advice("42P01").starts_with("Create the table"));
    CHECK(advice("23505").find("ON CONFLICT") != std::string_view::npos);
    CHECK(advice("42501").starts_with("Grant the right"));
    CHECK(advice("42P18").find("cast") != std::string_view::npos);
}

TEST_CASE("an error whose message says it all has none") {
    for (const auto* code : {"", "22012", "P0001", "XX000", "40001", "42P0", "42p01"}) {
        INFO(code);
        CHECK(advice(code).empty());
    }
}
