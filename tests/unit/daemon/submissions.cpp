#include "daemon/http/submission.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder;
using namespace penholder::daemon;
using Catch::Matchers::ContainsSubstring;

namespace {

submission accepted(const std::string& body) {
    auto decoded = decode_submission(body, "key-1");
    if (const auto* found = std::get_if<body_problem>(&decoded)) FAIL(found->pointer + ": " + found->message);
    return std::get<submission>(std::move(decoded));
}

body_problem refused(const std::string& body) {
    const auto decoded = decode_submission(body, "key-1");
    REQUIRE(std::holds_alternative<body_problem>(decoded));
    return std::get<body_problem>(decoded);
}

std::vector<parameter> params_of(const std::string& params) {
    return accepted(R"({"statements":[{"sql":"S","params":)" + params + "}]}").what.statements()[0].params();
}

}  // namespace

TEST_CASE("a write is read with its statements, deadline and wish to wait") {
    const auto asked = accepted(
        R"({"statements":[{"sql":"UPDATE t SET a = $1","params":[1],"expect_rows":2},{"sql":"X"}],"deadline_ms":250,"wait":false})");
    CHECK(asked.what.id() == "key-1");
    CHECK(asked.what.deadline() == std::chrono::milliseconds(250));
    CHECK_FALSE(asked.wait);
    REQUIRE(asked.what.statements().size() == 2);
    CHECK(asked.what.statements()[0].sql() == "UPDATE t SET a = $1");
    CHECK(asked.what.statements()[0].expected_rows() == 2U);
    CHECK_FALSE(asked.what.statements()[1].expected_rows());
}

TEST_CASE("parameters are text, null stays null, and objects travel as JSON") {
    using list = std::vector<parameter>;
    CHECK(params_of(R"(["a", 5, -7, true, false, null])") == list{"a", "5", "-7", "true", "false", std::nullopt});
    CHECK(params_of(R"([{"a":[1,0.10,null,"x\"y"]},{}])") == list{R"({"a":[1,0.10,null,"x\"y"]})", "{}"});
}

TEST_CASE("values are answered as text unless JSON is asked for") {
    const std::string begin = R"({"statements":[{"sql":"S"}])";
    CHECK(accepted(begin + "}").values == value_form::text);
    CHECK(accepted(begin + R"(,"values":"text"})").values == value_form::text);
    CHECK(accepted(begin + R"(,"values":"json"})").values == value_form::json);
    const auto wrong = refused(begin + R"(,"values":"JSON"})");
    CHECK(wrong.pointer == "/values");
    CHECK_THAT(wrong.message, ContainsSubstring("'JSON'") && ContainsSubstring("text, json"));
    CHECK(refused(begin + R"(,"values":true})").pointer == "/values");
}

TEST_CASE("numbers reach the database as they were written") {
    using list = std::vector<parameter>;
    CHECK(params_of("[0.1, 12345678901234567890.123, 1e400, 18446744073709551615, 123456789012345678901234567890]") ==
          list{"0.1", "12345678901234567890.123", "1e400", "18446744073709551615", "123456789012345678901234567890"});
    CHECK(params_of("[-0.0, 3, 4.50]") == list{"-0.0", "3", "4.50"});
}

TEST_CASE("a malformed body is refused with the place of the mistake") {
    CHECK_THAT(refused("{").message, ContainsSubstring("no JSON"));
    CHECK_THAT(refused(R"({"statements":[]} x)").message, ContainsSubstring("no JSON"));
    CHECK_THAT(refused("").message, ContainsSubstring("no JSON"));
    CHECK_THAT(refused("{\"a\":\"\xFF\"}").message, ContainsSubstring("no JSON"));
    CHECK_THAT(refused("[]").message, ContainsSubstring("found an array, expected an object"));
    CHECK(refused("{}").pointer == "/statements");
    CHECK(refused(R"({"statements":[]})").pointer == "/statements");
    CHECK(refused(R"({"statements":{}})").pointer == "/statements");
    CHECK(refused(R"({"statements":[{"sql":"a"},5]})").pointer == "/statements/1");
    CHECK(refused(R"({"statements":[{"sql":5}]})").pointer == "/statements/0/sql");
    CHECK(refused(R"({"statements":[{"sql":1.5}]})").pointer == "/statements/0/sql");
    CHECK(refused(R"({"statements":[{"params":[]}]})").pointer == "/statements/0/sql");
    CHECK(refused(R"({"statements":[{"sql":"a","params":5}]})").pointer == "/statements/0/params");
    CHECK(refused(R"({"statements":[{"sql":"a","expect_rows":-1}]})").pointer == "/statements/0/expect_rows");
    CHECK(refused(R"({"statements":[{"sql":"a"}],"deadline_ms":0})").pointer == "/deadline_ms");
    CHECK(refused(R"({"statements":[{"sql":"a"}],"deadline_ms":1.5})").pointer == "/deadline_ms");
    CHECK(refused(R"({"statements":[{"sql":"a"}],"wait":"no"})").pointer == "/wait");
}

TEST_CASE("a member that is there twice is named in whole, however it was written") {
    for (const std::string again : {R"("sql")", R"("s\u0071l")", R"("\u0073ql")"}) {
        const auto found = refused(R"({"statements":[{"sql":"SELECT 1",)" + again + R"(:"SELECT 2"}]})");
        CHECK_THAT(found.message, ContainsSubstring("the member 'sql' twice"));
    }
}

TEST_CASE("a member that is not known is refused by name") {
    const auto found = refused(R"({"statements":[{"sql":"a","parms":[]}]})");
    CHECK(found.pointer == "/statements/0/parms");
    CHECK_THAT(found.message, ContainsSubstring("'parms'") && ContainsSubstring("sql, params, expect_rows"));
    CHECK(refused(R"({"statements":[{"sql":"a"}],"a/b~c":1})").pointer == "/a~1b~0c");
}

TEST_CASE("a body that is nested too deeply is refused") {
    CHECK_THAT(refused(std::string(100'000, '[')).message, ContainsSubstring("no JSON"));
}

TEST_CASE("an operator's wish may be empty") {
    CHECK(std::get<handover_request>(decode_handover("")).to.empty());
    const auto wish = std::get<handover_request>(decode_handover(R"({"to":"orders-2","within_ms":50})"));
    CHECK(wish.to == "orders-2");
    CHECK(wish.within_ms == 50);
    CHECK(std::get<body_problem>(decode_handover(R"({"too":1})")).pointer == "/too");
    CHECK(std::get<body_problem>(decode_handover(R"({"within_ms":0})")).pointer == "/within_ms");
}
