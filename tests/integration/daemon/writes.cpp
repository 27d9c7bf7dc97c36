#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto take_one =
    R"({"statements":[{"sql":"UPDATE stock SET qty = qty - $1 WHERE id = $2","params":[1,1],"expect_rows":1}]})";

/// One daemon that leads, for all the tests here.
running_daemon& leader() {
    static running_daemon daemon(leading_plan());
    static const bool ready = (daemon.wait_until_ready(), true);
    (void)ready;
    return daemon;
}

void check_refused(const web_answer& answered, unsigned status, const std::string& code) {
    INFO(answered.body);
    CHECK(answered.status == status);
    CHECK(answered.headers.at("content-type") == "application/problem+json");
    CHECK(answered.text("code") == code);
    CHECK(answered.text("status") == std::to_string(status));
    CHECK_FALSE(answered.text("outcome").empty());
}

}  // namespace

TEST_CASE("a committed write answers 200 with its receipt") {
    const auto done = leader().post(
        writes,
        R"({"statements":[{"sql":"UPDATE stock SET qty = qty WHERE id = $1 RETURNING id, qty","params":[2]}]})");
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK(done.text("outcome") == "committed");
    CHECK_THAT(done.text("lsn"), ContainsSubstring("/"));
    CHECK(done.text("replayed") == "false");
    CHECK(done.text("statements") ==
          R"([{"rows_affected":1,"columns":["id","qty"],"types":["integer","integer"],"rows":[["2","10"]]}])");
}

TEST_CASE("the same key gets the same receipt and takes effect once") {
    const auto first = leader().post(writes, take_one, {{"Idempotency-Key", "once/1"}});
    const auto again = leader().post(writes, take_one, {{"Idempotency-Key", "once/1"}});
    REQUIRE(first.status == 200);
    REQUIRE(again.status == 200);
    CHECK(first.text("write_id") == "once/1");
    CHECK(again.text("replayed") == "true");
    CHECK(again.text("term") == first.text("term"));
    CHECK(again.text("statements") == first.text("statements"));

    const auto found = leader().get("/v1/groups/orders/writes/once%2F1");
    CHECK(found.status == 200);
    CHECK(found.text("outcome") == "committed");
    const auto never = leader().get("/v1/groups/orders/writes/never");
    check_refused(never, 404, "receipt_not_found");
    CHECK(never.text("outcome") == "unknown");
    CHECK(never.text("write_id") == "never");
}

TEST_CASE("the same key with another payload answers 422") {
    REQUIRE(leader().post(writes, take_one, {{"Idempotency-Key", "reused"}}).status == 200);
    check_refused(leader().post(writes, with_sql("SELECT 1"), {{"Idempotency-Key", "reused"}}), 422, "key_reused");
}

TEST_CASE("rows other than expected answer 412 and change nothing") {
    const auto refused =
        leader().post(writes, R"({"statements":[{"sql":"UPDATE stock SET qty = 99 WHERE id > 0","expect_rows":1}]})");
    check_refused(refused, 412, "row_count_mismatch");
    CHECK(refused.text("statement") == "0");
    const auto now = leader().post(writes, with_sql("SELECT count(*) FROM stock WHERE qty = 99"));
    CHECK_THAT(now.body, ContainsSubstring(R"("rows":[["0"]])"));
}

TEST_CASE("SQL errors of every class answer 422 with their SQLSTATE") {
    const auto state = [](const std::string& sql) {
        const auto refused = leader().post(writes, with_sql(sql));
        check_refused(refused, 422, "statement_failed");
        return refused.text("sqlstate");
    };
    CHECK(state("UPDATE nowhere SET a = 1") == "42P01");
    CHECK(state("SELECT FROM WHERE") == "42601");
    CHECK(state("UPDATE stock SET qty = -1 WHERE id = 1") == "23514");
    CHECK(state("INSERT INTO stock VALUES (1, 1)") == "23505");
    CHECK(state("SELECT 1/0") == "22012");
    CHECK(state("SELECT 'x'::int") == "22P02");
}

TEST_CASE("a wrong number of parameters answers 422") {
    check_refused(leader().post(writes, R"({"statements":[{"sql":"SELECT $1::int","params":[1,2]}]})"), 422,
                  "statement_failed");
    check_refused(leader().post(writes, with_sql("SELECT $1::int")), 422, "statement_failed");
}

TEST_CASE("forbidden SQL answers 422 before anything is sent") {
    for (const auto* sql : {"COMMIT", "SAVEPOINT a", "LISTEN a", "PREPARE TRANSACTION 'a'"}) {
        check_refused(leader().post(writes, with_sql(sql)), 422, "forbidden_statement");
    }
}

TEST_CASE("what is no SQL is told as PostgreSQL tells it, before anything is sent, and with its place in the body") {
    const auto misspelt = leader().post(writes, R"({"statements":[{"sql":"SELECT 1"},{"sql":"SELEC 1"}]})");
    check_refused(misspelt, 422, "statement_failed");
    CHECK(misspelt.text("sqlstate") == "42601");
    CHECK(misspelt.text("detail") == "syntax error at or near \"SELEC\"");
    CHECK(misspelt.text("statement") == "1");
    CHECK(misspelt.text("position") == "1");
    CHECK(misspelt.text("pointer") == "/statements/1/sql");
    const auto forbidden = leader().post(writes, R"({"statements":[{"sql":"SELECT 1"},{"sql":"VACUUM"}]})");
    check_refused(forbidden, 422, "forbidden_statement");
    CHECK(forbidden.text("pointer") == "/statements/1/sql");
    CHECK_THAT(forbidden.text("detail"), ContainsSubstring("statement 1: VACUUM is not permitted"));
}

TEST_CASE("a deadline that is longer than the group's longest is told") {
    const auto with_deadline = [](const std::string& ms) {
        return leader().post(writes, R"({"statements":[{"sql":"SELECT 1"}],"deadline_ms":)" + ms + "}");
    };
    CHECK(with_deadline("60001").headers.at("penholder-deadline-ms") == "60000");
    CHECK_FALSE(with_deadline("60000").headers.contains("penholder-deadline-ms"));
}

TEST_CASE("a malformed body answers 400 with the place of the mistake") {
    check_refused(leader().post(writes, "{"), 400, "malformed_write");
    const auto refused = leader().post(writes, R"({"statements":[{"sql":"SELECT 1","parms":[]}]})");
    check_refused(refused, 400, "malformed_write");
    CHECK(refused.text("pointer") == "/statements/0/parms");
    check_refused(leader().post(writes, ""), 400, "malformed_write");
    check_refused(leader().post(writes, take_one, {{"Idempotency-Key", "~mine"}}), 400, "malformed_write");
    check_refused(leader().post(writes, take_one, {{"Idempotency-Key", std::string(300, 'k')}}), 400,
                  "malformed_write");
}

TEST_CASE("numbers and nulls arrive in the database as they were written") {
    const auto done = leader().post(
        writes,
        R"({"statements":[{"sql":"SELECT $1::numeric, $2::text, $3::jsonb","params":[12345678901234567890.10,null,{"a":0.10}]}]})");
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK_THAT(done.body, ContainsSubstring(R"(["12345678901234567890.10",null,"{\"a\": 0.10}"])"));
}

TEST_CASE("a write that nobody waits for answers 202 and its receipt can be fetched") {
    const auto begun = leader().post(writes, R"({"statements":[{"sql":"SELECT 1"}],"wait":false})");
    INFO(begun.body);
    REQUIRE(begun.status == 202);
    const auto id = begun.text("write_id");
    CHECK(eventually([&] { return leader().get(std::string(writes) + "/" + id).status == 200; }));
    check_refused(leader().post("/v1/groups/nope/writes", R"({"statements":[{"sql":"SELECT 1"}],"wait":false})"), 404,
                  "unknown_group");
}

TEST_CASE("a group that is not there answers 404") {
    check_refused(leader().post("/v1/groups/nope/writes", with_sql("SELECT 1")), 404, "unknown_group");
    check_refused(leader().get("/v1/groups/nope"), 404, "unknown_group");
    check_refused(leader().get("/v1/groups/nope/writes/key"), 404, "unknown_group");
    check_refused(leader().get("/v1/groups/nope/history"), 404, "unknown_group");
    check_refused(leader().get("/v1/groups/nope/events"), 404, "unknown_group");
    check_refused(leader().post("/v1/groups/nope/pause", ""), 404, "unknown_group");
}
