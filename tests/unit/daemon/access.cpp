#include "daemon/http/authority.hpp"
#include "daemon/http/health.hpp"
#include "daemon/process/supervisor.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::daemon;

namespace {

config::http_options tokens(std::string token, std::string operators) {
    config::http_options settings;
    settings.token = std::move(token);
    settings.operator_token = std::move(operators);
    return settings;
}

options of_orders() {
    options settings;
    settings.groups.emplace_back().name = "orders";
    settings.groups[0].database = "dbname=orders";
    return settings;
}

}  // namespace

TEST_CASE("tokens are compared as a whole") {
    CHECK(equal_secretly("sesame", "sesame"));
    CHECK_FALSE(equal_secretly("sesame", "sesamf"));
    CHECK_FALSE(equal_secretly("sesa", "sesame"));
    CHECK_FALSE(equal_secretly("sesamesesame", "sesame"));
    CHECK_FALSE(equal_secretly("", "sesame"));
    CHECK_FALSE(equal_secretly("a", ""));
}

TEST_CASE("without tokens everybody is granted") {
    for (const auto who : {audience::everybody, audience::applications, audience::operators}) {
        CHECK(permit(tokens("", ""), who, "") == permission::granted);
    }
}

TEST_CASE("one token does for everything") {
    const auto settings = tokens("app", "");
    CHECK(permit(settings, audience::applications, "Bearer app") == permission::granted);
    CHECK(permit(settings, audience::operators, "bearer app") == permission::granted);
    CHECK(permit(settings, audience::everybody, "") == permission::granted);
    CHECK(permit(settings, audience::applications, "") == permission::token_missing);
    CHECK(permit(settings, audience::applications, "Bearer no") == permission::token_missing);
    CHECK(permit(settings, audience::applications, "Basic app") == permission::token_missing);
    CHECK(permit(settings, audience::applications, "app") == permission::token_missing);
}

TEST_CASE("an application's token does not move the leadership where operators have their own") {
    const auto settings = tokens("app", "ops");
    CHECK(permit(settings, audience::operators, "Bearer app") == permission::token_too_weak);
    CHECK(permit(settings, audience::operators, "Bearer ops") == permission::granted);
    CHECK(permit(settings, audience::applications, "Bearer ops") == permission::granted);
    CHECK(permit(settings, audience::operators, "") == permission::token_missing);
    CHECK(permit(tokens("", "ops"), audience::applications, "") == permission::granted);
    CHECK(permit(tokens("", "ops"), audience::operators, "") == permission::token_missing);
}

TEST_CASE("several tokens are valid at once, and the log knows their names") {
    const auto settings = tokens("old\nshop new\n", "# of the night shift\nalice a-secret\nb-secret");
    for (const auto* given : {"Bearer old", "Bearer new", "Bearer a-secret", "Bearer b-secret"}) {
        CHECK(permit(settings, audience::applications, given) == permission::granted);
    }
    CHECK(permit(settings, audience::operators, "Bearer a-secret") == permission::granted);
    CHECK(permit(settings, audience::operators, "Bearer b-secret") == permission::granted);
    CHECK(permit(settings, audience::operators, "Bearer new") == permission::token_too_weak);
    for (const auto* given : {"Bearer shop", "Bearer alice", "Bearer alice a-secret", "Bearer shop new", "Bearer #"}) {
        CHECK(permit(settings, audience::applications, given) == permission::token_missing);
    }
    CHECK(caller_name(settings, "Bearer a-secret") == "alice");
    CHECK(caller_name(settings, "Bearer b-secret").empty());
    CHECK(caller_name(settings, "Bearer new") == "shop");
    CHECK(caller_name(settings, "Bearer no").empty());
}

TEST_CASE("a follower that its leader lets in is ready, also without the ensemble") {
    node_status now;
    now.node = "orders-1";
    now.groups.emplace_back().now = {"orders", role::follower, 7, "orders-2", "", true};
    now.groups[0].link_connected = true;
    now.ensemble_connected = false;
    CHECK(unready_because(now, of_orders(), false).empty());
    now.groups[0].now.role = role::offline;
    now.ensemble_trouble = now.groups[0].trouble = "the ensemble has not answered for 7 s";
    CHECK(unready_because(now, of_orders(), false).empty());
    CHECK(unready_because(now, of_orders(), true) == std::vector<std::string>{"the daemon is stopping"});
}

TEST_CASE("a follower without a link is not ready and says which leader does not let it in") {
    node_status now;
    now.node = "orders-1";
    now.groups.emplace_back().now = {"orders", role::follower, 7, "orders-2", "", true};
    now.groups[0].trouble = "the peer has another secret";
    now.ensemble_connected = true;
    const std::vector<std::string> no_link{
        "group orders: there is no link to orders-2, which leads it (the peer has another secret)"};
    CHECK(unready_because(now, of_orders(), false) == no_link);
    now.groups[0].now.role = role::observer;
    CHECK(unready_because(now, of_orders(), false) == no_link);
    auto election_only = of_orders();
    election_only.groups[0].database.clear();
    CHECK(unready_because(now, election_only, false).empty());
    now.groups[0].now = {"orders", role::fencing, 8, "orders-1", "", false};
    CHECK(unready_because(now, of_orders(), false).empty());
}

TEST_CASE("a node that takes no part is not ready, though its writes are forwarded") {
    node_status now;
    now.node = "orders-2";
    now.groups.emplace_back().now = {"orders", role::offline, 7, "orders-1", "", true};
    now.groups[0].link_connected = true;
    now.ensemble_connected = true;
    CHECK(unready_because(now, of_orders(), false).empty());
    now.groups[0].trouble = "another session has enrolled node orders-2";
    CHECK(unready_because(now, of_orders(), false) ==
          std::vector<std::string>{
              "group orders: this node takes no part in it (another session has enrolled node orders-2)"});
}

TEST_CASE("a node that never reached the ensemble is not ready and says so") {
    node_status now;
    now.groups.emplace_back().now.group = "orders";
    CHECK(unready_because(now, of_orders(), false) ==
          std::vector<std::string>{"group orders: nobody is known to lead it", "the ensemble cannot be reached"});
    now.ensemble_trouble = now.groups[0].trouble = "the ensemble has not answered for 7 s";
    CHECK(unready_because(now, of_orders(), false) ==
          std::vector<std::string>{"group orders: nobody is known to lead it (the ensemble has not answered for 7 s)"});
    now.groups[0].trouble = "the database refuses connections";
    CHECK(unready_because(now, of_orders(), false) ==
          std::vector<std::string>{"group orders: nobody is known to lead it (the database refuses connections)",
                                   "the ensemble has not answered for 7 s"});
    now.ensemble_connected = true;
    now.ensemble_trouble.clear();
    CHECK(unready_because(now, of_orders(), false) ==
          std::vector<std::string>{"group orders: nobody is known to lead it (the database refuses connections)"});
}

TEST_CASE("systemd is told the role in every group") {
    CHECK(describe({"orders", role::serving, 7, "orders-1", "", true}) == "leader in term 7");
    CHECK(describe({"orders", role::follower, 7, "orders-2", "", true}) == "follower of orders-2 in term 7");
    CHECK(describe({"orders", role::offline, 0, "", "", false}) == "offline, no leader known");
    CHECK(status_line({{"a", "x"}, {"b", "y"}}) == "a: x; b: y");
}
