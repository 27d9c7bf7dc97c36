#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <future>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A write that takes half a second, and is known to have reached the database when this is made.
class slow_write {
public:
    slow_write(const running_daemon& to, const std::string& key) {
        answer_ = std::async(std::launch::async, [&to, key] {
            return to.post(writes, body(), {{"Idempotency-Key", key}});
        });
        const std::string look = "SELECT FROM pg_stat_activity WHERE query LIKE '%AS slowly' AND state = 'active'";
        wait_until("a slow write is under way", [&] { return !shared_postgres().exec(look).empty(); });
    }
    web_answer answer() { return answer_.get(); }
    static std::string body() { return R"~({"statements":[{"sql":"SELECT pg_sleep(0.5) AS slowly"}]})~"; }

private:
    std::future<web_answer> answer_;
};

}  // namespace

TEST_CASE("a key that is still in flight answers 409, and its receipt later") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    slow_write first(daemon, "slow");
    const auto second = daemon.post(writes, slow_write::body(), {{"Idempotency-Key", "slow"}});
    INFO(second.body);
    CHECK(second.status == 409);
    CHECK(second.text("code") == "in_flight");
    CHECK(second.text("outcome") == "unknown");
    CHECK(second.text("write_id") == "slow");
    CHECK(first.answer().status == 200);
    CHECK(daemon.post(writes, slow_write::body(), {{"Idempotency-Key", "slow"}}).text("replayed") == "true");
}

TEST_CASE("a write that is under way is in flight, whichever node is asked, and its receipt comes later") {
    auto how = leading_plan();
    const running_daemon one(how);
    one.wait_until_ready();
    how.name = "orders-2";
    const running_daemon two(how);
    two.wait_until_live();
    REQUIRE(eventually([&] { return two.get("/v1/groups/orders").text("link_connected") == "true"; }));
    const auto receipt_url = [](const std::string& key) { return writes + ("/" + key); };
    const auto check_both = [&](const std::string& key) {
        for (const auto* asked : {&one, &two}) {
            const auto found = asked->get(receipt_url(key));
            INFO(found.body);
            CHECK(found.status == 202);
            CHECK(found.text("outcome") == "unknown");
            CHECK_THAT(found.text("why"), ContainsSubstring("in_flight"));
        }
    };
    slow_write at_leader(one, "given-to-one");
    check_both("given-to-one");
    CHECK(at_leader.answer().status == 200);
    slow_write at_follower(two, "given-to-two");
    check_both("given-to-two");
    CHECK(at_follower.answer().status == 200);
    for (const auto* asked : {&one, &two}) {
        CHECK(asked->get(receipt_url("given-to-one")).text("outcome") == "committed");
        CHECK(asked->get(receipt_url("given-to-two")).text("outcome") == "committed");
        const auto never = asked->get(receipt_url("never"));
        CHECK(never.status == 404);
        CHECK(never.text("outcome") == "unknown");
    }
}

TEST_CASE("one write too many answers 429 and when to come again") {
    auto how = leading_plan();
    how.group = "pending_max_writes = 1";
    const running_daemon daemon(how);
    daemon.wait_until_ready();
    slow_write first(daemon, "slow");
    const auto refused = daemon.post(writes, R"({"statements":[{"sql":"SELECT 1"}]})");
    INFO(refused.body);
    CHECK(refused.status == 429);
    CHECK(refused.text("code") == "overloaded");
    CHECK(refused.headers.at("retry-after") == "1");
    CHECK(first.answer().status == 200);
}

TEST_CASE("a deadline that ends under way is answered without a lie") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const std::string body =
        R"~({"statements":[{"sql":"UPDATE stock SET qty = 0 WHERE id = 1"},{"sql":"SELECT pg_sleep(1)"}],"deadline_ms":200})~";
    const auto ended = daemon.post(writes, body, {{"Idempotency-Key", "late"}});
    INFO(ended.body);
    CHECK((ended.status == 503 || ended.status == 504));
    CHECK(ended.text("write_id") == "late");
    const auto count = daemon.post(writes, R"~({"statements":[{"sql":"SELECT count(*) FROM stock WHERE qty = 0"}]})~");
    CHECK_THAT(count.body, ContainsSubstring(R"("rows":[["0"]])"));
}

TEST_CASE("a node that its leader does not let in is not ready, and says who does not and why") {
    auto how = leading_plan();
    how.more = "[link]\nsecret = \"the right one, and long enough\"\n";
    const running_daemon one(how);
    one.wait_until_ready();
    how.name = "orders-2";
    how.more = "[link]\nsecret = \"another one, and long enough\"\n";
    const running_daemon two(how);
    two.wait_until_live();
    REQUIRE(eventually([&] { return two.get("/v1/groups/orders").text("leader") == "orders-1"; }));
    REQUIRE(eventually([&] { return !two.get("/v1/groups/orders").text("trouble").empty(); }));
    const auto ready = two.get("/readyz");
    INFO(ready.body);
    CHECK(ready.status == 503);
    CHECK_THAT(ready.text("detail"), ContainsSubstring("no link to orders-1") && ContainsSubstring("secret"));
    CHECK(two.get("/follower").status == 503);
    CHECK(one.get("/readyz").status == 200);
}

TEST_CASE("two sidecars: the follower is ready, forwards, and hands the leadership over") {
    auto how = leading_plan();
    const running_daemon one(how);
    one.wait_until_ready();
    how.name = "orders-2";
    const running_daemon two(how);
    two.wait_until_live();
    REQUIRE(eventually([&] { return two.get("/follower").status == 200; }));
    REQUIRE(eventually([&] { return two.get("/v1/groups/orders").text("link_connected") == "true"; }));
    CHECK(two.get("/leader").status == 503);
    CHECK(two.get("/readyz").status == 200);
    const auto forwarded = two.post(writes, R"({"statements":[{"sql":"UPDATE stock SET qty = 7 WHERE id = 1"}]})",
                                    {{"Idempotency-Key", "through-two"}});
    INFO(forwarded.body);
    CHECK(forwarded.status == 200);
    CHECK(one.get("/v1/groups/orders/writes/through-two").status == 200);
    CHECK(two.get("/v1/groups/orders/writes/through-two").status == 200);
    CHECK(two.post("/v1/groups/orders/resign", "").status == 409);

    web_answer handed;  // Refused until the heir's database has been looked at.
    CHECK(eventually([&] {
        handed = one.post("/v1/groups/orders/handover", R"({"to":"orders-2","within_ms":5000})");
        return handed.status != 409;
    }));
    INFO(handed.body);
    CHECK(handed.status == 200);
    CHECK(handed.text("leader") == "orders-2");
    CHECK(handed.text("term") == "2");
    CHECK(eventually([&] { return two.get("/leader").status == 200; }));
    CHECK(eventually([&] { return one.get("/follower").status == 200; }));
    web_answer resigned;
    CHECK(eventually([&] {
        resigned = two.post("/v1/groups/orders/resign", "");
        return resigned.status != 409;
    }));
    INFO(resigned.body);
    CHECK(resigned.status == 200);
    CHECK(resigned.text("leader") == "orders-1");
    CHECK_THAT(one.get("/v1/groups/orders/history").text("terms"), ContainsSubstring("\"began\":\"handover\""));
}
