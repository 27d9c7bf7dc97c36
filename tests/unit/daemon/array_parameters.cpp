#include "daemon/http/array_parameter.hpp"
#include "daemon/http/submission.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace penholder;
using namespace penholder::daemon;
using Catch::Matchers::ContainsSubstring;

namespace {

std::variant<submission, body_problem> given_parameters(const std::string& params) {
    return decode_submission(R"({"statements":[{"sql":"S"},{"sql":"T","params":[1,)" + params + "]}]}", "k");
}

parameter sent(const std::string& value) {
    const auto read = given_parameters(value);
    if (const auto* wrong = std::get_if<body_problem>(&read)) FAIL(wrong->message);
    return std::get<submission>(read).what.statements()[1].params()[1];
}

body_problem problem_of(const std::string& value) {
    const auto read = given_parameters(value);
    REQUIRE(std::holds_alternative<body_problem>(read));
    return std::get<body_problem>(read);
}

}  // namespace

TEST_CASE("a JSON array is the text of PostgreSQL's, as PostgreSQL would write it") {
    CHECK(sent("[1, -2, null]") == "{1,-2,NULL}");
    CHECK(sent("[0.10, 12345678901234567890.123, 1e400]") == "{0.10,12345678901234567890.123,1e400}");
    CHECK(sent("[true, false]") == "{true,false}");
    CHECK(sent("[]") == "\v{}");
    CHECK(sent("[[], []]") == "\v{}");
    CHECK(sent("[[1, 2], [3, null]]") == "{{1,2},{3,NULL}}");
    CHECK(sent(R"(["a", "", "NULL", "null", null, "a b", "a,b", "{a}", "a\"b", "a\\b", "a\nb", "é"])") ==
          R"({a,"","NULL","null",NULL,"a b","a,b","{a}","a\"b","a\\b",")"
          "a\nb\",\xc3\xa9}");
    CHECK(sent("[null]") == "{NULL}");
    CHECK(sent("[[[[[[1]]]]]]") == "{{{{{{1}}}}}}");
}

TEST_CASE("an object is its JSON, and whatever stands behind the one member json too") {
    CHECK(sent(R"({"a": [1.0, {"b": null}]})") == R"({"a":[1.0,{"b":null}]})");
    CHECK(sent(R"({"json": [1, "a", {"b": 0.10}]})") == R"([1,"a",{"b":0.10}])");
    CHECK(sent(R"({"json": "a"})") == "\"a\"");
    CHECK(sent(R"({"json": null})") == "null");
    CHECK(sent(R"({"json": {"json": 1}})") == R"({"json":1})");
    CHECK(sent(R"({"json": 1, "more": 2})") == R"({"json":1,"more":2})");
    CHECK(sent("null") == std::nullopt);
}

TEST_CASE("what PostgreSQL's arrays do not hold is refused, with the parameter and the way to send it as JSON") {
    const auto mixed = problem_of(R"([1, "a"])");
    CHECK(mixed.pointer == "/statements/1/params/1");
    CHECK_THAT(mixed.message, ContainsSubstring("parameter $2: the array has numbers and strings in it") &&
                                  ContainsSubstring(R"(write {"json": [...]})"));
    CHECK_THAT(problem_of("[true, 0.5]").message, ContainsSubstring("booleans and numbers"));
    CHECK_THAT(problem_of(R"([[1], ["a"]])").message, ContainsSubstring("numbers and strings"));
    CHECK_THAT(problem_of(R"([{"a": 1}])").message, ContainsSubstring("an object in it"));
    CHECK_THAT(problem_of("[[1, 2], [3]]").message, ContainsSubstring("of 2 and of 1 elements"));
    CHECK_THAT(problem_of("[[], [1]]").message, ContainsSubstring("of 0 and of 1 elements"));
    for (const auto* ragged : {"[1, [2]]", "[[1], 2]", "[[1], null]", "[null, [1]]", "[[], 1]", "[[[1]], [2]]"}) {
        INFO(ragged);
        CHECK_THAT(problem_of(ragged).message, ContainsSubstring("an array beside what is none"));
    }
    CHECK_THAT(problem_of("[[[[[[[1]]]]]]]").message, ContainsSubstring("more than six dimensions"));
}
