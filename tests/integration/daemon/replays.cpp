// Keys that are sent again to a leader which has not decided them.
#include "support/patience.hpp"
#include "two_nodes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a key that is sent again to the next leader is answered as before, and nothing is said to be wrong") {
    two_nodes nodes;
    const running_daemon::headers key{{"Idempotency-Key", "sent-again"}};
    const auto take = with_sql("UPDATE stock SET qty = qty - 1 WHERE id = 1");
    REQUIRE(nodes.leader.post(writes, take, key).status == 200);
    REQUIRE(nodes.leader.post("/v1/groups/orders/handover", R"({"to":"orders-2"})").status == 200);
    const auto again = nodes.follower.post(writes, take, key);
    INFO(again.body);
    CHECK(again.status == 200);
    CHECK(again.text("replayed") == "true");
    CHECK_THAT(nodes.follower.log(), !ContainsSubstring("writes_fail"));
    CHECK(nodes.follower.get("/readyz").status == 200);
}
