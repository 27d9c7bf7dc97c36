#include "model/verdict.hpp"

#include <penholder/receipt.hpp>
#include <penholder/write.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

TEST_CASE("a position in the log is written as PostgreSQL writes it") {
    CHECK(lsn_to_string(0) == "0/0");
    CHECK(lsn_to_string(0x16B3748) == "0/16B3748");
    CHECK(lsn_to_string(0x1600000000) == "16/0");
    CHECK(lsn_from_string("0/16B3748") == 0x16B3748U);
    CHECK(lsn_from_string("FFFFFFFF/FFFFFFFF") == 0xFFFFFFFFFFFFFFFFU);
    for (const auto* text : {"", "/", "0", "0/", "/0", "0/0 ", "x/0", "0/100000000"}) {
        INFO(text);
        CHECK_FALSE(lsn_from_string(text).has_value());
    }
}

TEST_CASE("a value becomes a parameter as PostgreSQL reads it") {
    CHECK(to_parameter(true) == "true");
    CHECK(to_parameter(0.1) == "0.1");
    CHECK(to_parameter(-7) == "-7");
    CHECK(to_parameter("text") == "text");
    CHECK_FALSE(to_parameter(nullptr).has_value());
    CHECK_FALSE(to_parameter(std::nullopt).has_value());
}

TEST_CASE("a vector becomes an array as PostgreSQL writes it") {
    CHECK(to_parameter(std::vector{1, -2}) == "{1,-2}");
    CHECK(to_parameter(std::vector<bool>{true, false}) == "{true,false}");
    CHECK(to_parameter(std::vector<parameter>{"a", std::nullopt, "NULL", ""}) == R"({a,NULL,"NULL",""})");
    CHECK(to_parameter(std::vector<std::string>{"a b", "a,b", "{a}", "a\"b", "a\\b", "null", "nully"}) ==
          R"({"a b","a,b","{a}","a\"b","a\\b","null",nully})");
    CHECK(to_parameter(std::vector<std::vector<int>>{{1, 2}, {3, 4}}) == "{{1,2},{3,4}}");
    CHECK(to_parameter(std::vector<int>{}) == "{}");
    CHECK(to_parameter(std::vector<std::vector<int>>{{}, {}}) == "{}");
    penholder::write what;
    CHECK(what.add("SELECT $1", std::vector{"a", "b"}).params().at(0) == "{a,b}");
}

TEST_CASE("verdicts have the names that logs show") {
    CHECK(to_string(write_verdict::decided) == "decided");
    CHECK(to_string(write_verdict::handed_back) == "handed_back");
    CHECK(to_string(write_verdict::in_flight) == "in_flight");
    CHECK(to_string(write_verdict::in_doubt) == "in_doubt");
}
