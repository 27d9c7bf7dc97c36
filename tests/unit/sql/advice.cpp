#include "sql/advice.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::sql::advice;
using penholder::sql::server_advice;

// The codes are those of PostgreSQL's appendix A.
TEST_CASE("errors that a first statement often meets have advice of their own") {
    CHECK(advice("42P01").starts_with("Create the table"));
    CHECK(advice("23505").find("ON CONFLICT") != std::string_view::npos);
    CHECK(advice("42501").starts_with("Grant the right"));
    CHECK(advice("42P18").find("cast") != std::string_view::npos);
}

TEST_CASE("what keeps Penholder itself from writing has advice for whoever runs the database") {
    CHECK(server_advice("42501").find("penholder init --lane-role") != std::string_view::npos);
    CHECK(server_advice("53100").starts_with("Free disk space"));
    CHECK(server_advice("53100") == advice("53100"));
    CHECK(server_advice("40001").empty());
    CHECK(server_advice("").empty());
}

TEST_CASE("an error whose message says it all has none") {
    for (const auto* code : {"", "22012", "P0001", "XX000", "40001", "42P0", "42p01"}) {
        INFO(code);
        CHECK(advice(code).empty());
    }
}
