#include "postgres/refused_connection.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::postgres;

TEST_CASE("the SQLSTATE of a refusal is found in libpq's terse and verbose words, and nowhere else") {
    const std::string to = "connection to server at \"127.0.0.1\", port 5432 failed: ";
    CHECK(sqlstate_in(to + "FATAL:  28P01\n") == "28P01");
    CHECK(sqlstate_in(to + "FATAL:  53300: sorry, too many clients already\nLOCATION:  InitProcess, proc.c:356\n") ==
          "53300");
    CHECK(sqlstate_in(to + "FATAL:  password authentication failed for user \"a\"").empty());
    CHECK(sqlstate_in(to + "Connection refused\n\tIs the server running on that host?").empty());
    CHECK(sqlstate_in("").empty());
}

TEST_CASE("a place in the server's sources is nobody's business") {
    CHECK(without_location("FATAL:  53300: sorry\nLOCATION:  InitProcess, proc.c:356\n") == "FATAL:  53300: sorry");
    CHECK(without_location("Connection refused\n") == "Connection refused");
}

TEST_CASE("where nobody answers there is no SQLSTATE") {
    CHECK(sqlstate_of_refusal("host=127.0.0.1 port=1", std::chrono::milliseconds(200)).empty());
    CHECK(sqlstate_of_refusal("no conninfo", std::chrono::milliseconds(200)).empty());
}
