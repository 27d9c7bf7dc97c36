#include "running_daemon.hpp"
#include "support/patience.hpp"
#include "two_nodes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <future>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Matches;
using Catch::Matchers::StartsWith;

namespace {

constexpr auto a_time = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)";

web_answer write(const running_daemon& to, const std::string& sql, const std::string& key = {}) {
    return to.post(writes, with_sql(sql),
                   key.empty() ? running_daemon::headers() : running_daemon::headers{{"Idempotency-Key", key}});
}

web_answer forget(const running_daemon& at, const std::string& key, const running_daemon::headers& with = {}) {
    return at.ask("DELETE", std::string(writes) + "/" + key, {}, with);
}

}  // namespace

TEST_CASE("a rejection says what PostgreSQL named, at the leader, over a link, replayed and in its receipt") {
    const two_nodes nodes("error_detail = true");
    const auto* const duplicate = "INSERT INTO stock VALUES (1, 1)";
    const auto check_members = [](const web_answer& said) {
        INFO(said.body);
        CHECK(said.text("schema") == "public");
        CHECK(said.text("table") == "stock");
        CHECK(said.text("constraint") == "stock_pkey");
        CHECK(said.text("sql_detail") == "Key (id)=(1) already exists.");
        CHECK(said.text("sqlstate") == "23505");
        CHECK(said.text("statement") == "0");
        CHECK_THAT(said.text("hint"), ContainsSubstring("ON CONFLICT"));
        CHECK_THAT(said.text("decided_at"), Matches(a_time));
    };
    const auto first = write(nodes.leader, duplicate, "twice");
    check_members(first);
    CHECK(first.text("replayed").empty());
    check_members(write(nodes.follower, duplicate));
    for (const auto* node : {&nodes.leader, &nodes.follower}) {
        const auto again = write(*node, duplicate, "twice");
        check_members(again);
        CHECK(again.text("replayed") == "true");
        CHECK(again.text("decided_at") == first.text("decided_at"));
        CHECK(again.text("hint") == first.text("hint"));
        const auto found = node->get(std::string(writes) + "/twice");
        CHECK(found.status == 200);
        CHECK(found.text("decided_at") == first.text("decided_at"));
        CHECK_THAT(found.text("why"), ContainsSubstring(R"("constraint":"stock_pkey")"));
        CHECK_THAT(found.text("why"), ContainsSubstring(R"("sql_detail":"Key (id)=(1) already exists.")"));
    }
}

TEST_CASE("a place in a statement is counted in characters, from 1, and PostgreSQL's own hint comes first") {
    const two_nodes nodes;
    const auto refused = write(nodes.follower, "UPDATE stock SET qty = length('\xc3\xa9') WHERE qtyy = 1");
    INFO(refused.body);
    CHECK(refused.text("sqlstate") == "42703");
    CHECK(refused.text("position") ==
          std::to_string(std::string("UPDATE stock SET qty = length('e') WHERE ").size() + 1));
    CHECK_THAT(refused.text("hint"), StartsWith(R"(Perhaps you meant to reference the column "stock.qty".)"));
}

TEST_CASE("PostgreSQL's detail, which can hold data, is told and kept only where that is configured") {
    const two_nodes nodes;
    for (const auto* node : {&nodes.leader, &nodes.follower}) {
        const auto refused = write(*node, "INSERT INTO stock VALUES (1, 1)", "silent");
        CHECK(refused.text("constraint") == "stock_pkey");
        CHECK_THAT(refused.body, !ContainsSubstring("Key (id)"));
    }
    CHECK_THAT(nodes.leader.get(std::string(writes) + "/silent").body, !ContainsSubstring("Key (id)"));
}

TEST_CASE("a committed write that is answered again says when it was decided first") {
    const two_nodes nodes;
    const auto first = write(nodes.leader, "UPDATE stock SET qty = qty WHERE id = 1", "once");
    REQUIRE(first.status == 200);
    const auto again = write(nodes.follower, "UPDATE stock SET qty = qty WHERE id = 1", "once");
    CHECK(again.text("replayed") == "true");
    CHECK_THAT(again.text("decided_at"), Matches(a_time));
    CHECK(again.text("decided_at") == first.text("decided_at"));
}

TEST_CASE("a key whose write was rejected is forgotten on purpose, and is free for any write") {
    const two_nodes nodes;
    const auto* const early = "INSERT INTO orders_of_today VALUES (1)";
    REQUIRE(write(nodes.follower, early, "early").text("sqlstate") == "42P01");
    REQUIRE(write(nodes.leader, "CREATE TABLE orders_of_today (id int)").status == 200);
    REQUIRE(write(nodes.leader, early, "early").text("replayed") == "true");

    const auto forgotten = forget(nodes.follower, "early");
    INFO(forgotten.body);
    REQUIRE(forgotten.status == 200);
    CHECK(forgotten.text("outcome") == "rejected");
    CHECK_THAT(forgotten.text("why"), ContainsSubstring("42P01"));
    CHECK_THAT(nodes.leader.log(),
               ContainsSubstring("key_forgotten group=orders node=orders-1 write_id=early by=\"at orders-2\""));
    CHECK(nodes.leader.get(std::string(writes) + "/early").status == 404);
    CHECK(forget(nodes.leader, "early").status == 404);

    const auto other = write(nodes.leader, "INSERT INTO orders_of_today VALUES (2)", "early");
    INFO(other.body);
    REQUIRE(other.status == 200);
    CHECK(other.text("replayed") == "false");
}

TEST_CASE("a key whose write was committed, or is in flight, is not forgotten") {
    const two_nodes nodes;
    REQUIRE(write(nodes.leader, "UPDATE stock SET qty = qty - 1 WHERE id = 1", "done").status == 200);
    for (const auto* node : {&nodes.leader, &nodes.follower}) {
        const auto refused = forget(*node, "done");
        INFO(refused.body);
        CHECK(refused.status == 409);
        CHECK(refused.text("code") == "refused");
        CHECK(refused.text("outcome") == "rejected");
    }
    CHECK(write(nodes.leader, "UPDATE stock SET qty = qty - 1 WHERE id = 1", "done").text("replayed") == "true");

    auto slow = std::async(std::launch::async,
                           [&] { return write(nodes.leader, "SELECT pg_sleep(0.5) AS unforgettable", "slow"); });
    wait_until("it is under way", [] {
        return !shared_postgres()
                    .exec("SELECT FROM pg_stat_activity WHERE query LIKE '%AS unforgettable' AND state = 'active'")
                    .empty();
    });
    for (const auto* node : {&nodes.leader, &nodes.follower}) {
        const auto refused = forget(*node, "slow");
        CHECK(refused.status == 409);
        CHECK(refused.text("code") == "in_flight");
    }
    CHECK(slow.get().status == 200);
    CHECK(forget(nodes.leader, "~orders-1.0000000000000001.1").status == 400);
}

TEST_CASE("only operators have a key forgotten, and the log says who") {
    const running_daemon::headers app{{"Authorization", "Bearer app-token-of-16+"}};
    const running_daemon::headers ops{{"Authorization", "Bearer ops-token-of-16+"}};
    const two_nodes nodes({}, "token = \"app-token-of-16+\"\noperator_token = \"alice ops-token-of-16+\"", app);
    auto with_key = app;
    with_key["Idempotency-Key"] = "burned";
    REQUIRE(nodes.leader.post(writes, with_sql("INSERT INTO nowhere VALUES (1)"), with_key).status == 422);
    CHECK(forget(nodes.follower, "burned", app).status == 403);
    CHECK(forget(nodes.follower, "burned").status == 401);
    auto from_a_page = ops;
    from_a_page["Origin"] = "https://evil.example";
    CHECK(forget(nodes.follower, "burned", from_a_page).status == 403);
    CHECK(forget(nodes.follower, "burned", ops).status == 200);
    CHECK_THAT(nodes.follower.log(),
               ContainsSubstring("operator_call call=forget group=orders node=orders-2 token=alice"));
    CHECK_THAT(nodes.leader.log(), ContainsSubstring("by=\"alice at orders-2\""));
}

TEST_CASE("a write that only looks otherwise is the same write") {
    const two_nodes nodes;
    const auto post = [&](const running_daemon& to, const std::string& body) {
        return to.post(writes, body, {{"Idempotency-Key", "same"}});
    };
    REQUIRE(
        post(nodes.leader,
             R"({"statements":[{"sql":"UPDATE stock SET qty = qty - $1 WHERE id = 1","params":[1],"expect_rows":1}]})")
            .status == 200);
    const auto again = post(nodes.follower, R"({ "wait": true, "statements": [ { "expect_rows": 1, "params": [ 1 ],
        "sql": "/* shop */ update stock\n  set QTY = qty-$1\n where id = 1 -- it\n" } ] })");
    INFO(again.body);
    CHECK(again.status == 200);
    CHECK(again.text("replayed") == "true");
    for (
        const auto* other :
        {R"({"statements":[{"sql":"UPDATE stock SET qty = qty - $1 WHERE id = 1","params":[2],"expect_rows":1}]})",
         R"({"statements":[{"sql":"UPDATE stock SET qty = qty - $1 WHERE id = 2","params":[1],"expect_rows":1}]})",
         R"({"statements":[{"sql":"UPDATE stock SET qty = qty - $1::int WHERE id = 1","params":[1],"expect_rows":1}]})"}) {
        CHECK(post(nodes.follower, other).text("code") == "key_reused");
    }
}
