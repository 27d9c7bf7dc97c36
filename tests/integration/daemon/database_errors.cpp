#include "postgres/schema.hpp"
#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A leader that logs in as a role of its own, from which rights can be taken.
struct modest_leader {
    explicit modest_leader(std::string name) : role(std::move(name)), plan(leading_plan()) {
        database = plan.database.substr(plan.database.find("dbname=") + 7);
        database = database.substr(0, database.find(' '));
        shared_postgres().exec("CREATE ROLE " + role + " LOGIN; GRANT ALL ON stock TO " + role, database);
        REQUIRE(penholder::postgres::init_schema(plan.database, role).has_value());
        plan.database += " user=" + role;
        daemon.emplace(plan);
        daemon->wait_until_ready();
    }
    ~modest_leader() { shared_postgres().exec("ALTER ROLE " + role + " LOGIN"); }
    modest_leader(const modest_leader&) = delete;
    modest_leader& operator=(const modest_leader&) = delete;

    void run(const std::string& sql) { shared_postgres().exec(sql, database); }

    std::string role;
    running_daemon::plan plan;
    std::string database;
    std::optional<running_daemon> daemon;
};

}  // namespace

TEST_CASE("a look-up that the database refuses is told with its SQLSTATE, and not as the caller's token") {
    modest_leader leading("looks_nothing_up");
    leading.run("REVOKE EXECUTE ON FUNCTION penholder.look_up FROM " + leading.role);
    const auto refused = leading.daemon->get(std::string(writes) + "/some-key");
    INFO(refused.body);
    CHECK(refused.status == 503);
    CHECK(refused.text("code") == "database_unreachable");
    CHECK(refused.text("outcome") == "unknown");
    CHECK(refused.text("sqlstate") == "42501");
    CHECK_THAT(refused.text("detail"),
               ContainsSubstring("42501: ") && ContainsSubstring("look_up") && ContainsSubstring("penholder init"));
}

TEST_CASE("a connection that the server refuses is told with its SQLSTATE: caller, log, status and health") {
    modest_leader leading("logs_in_no_more");
    leading.run("ALTER ROLE " + leading.role + " NOLOGIN");
    leading.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + leading.role + "'");
    wait_until("the lane's new connection is refused",
               [&] { return leading.daemon->log().find("28000: ") != std::string::npos; });
    const auto late = leading.daemon->post(
        writes, R"({"statements":[{"sql":"UPDATE stock SET qty = 1 WHERE id = 1"}],"deadline_ms":500})");
    INFO(late.body);
    CHECK(late.status == 503);
    CHECK(late.text("sqlstate") == "28000");
    CHECK_THAT(late.text("detail"), ContainsSubstring("28000: ") && ContainsSubstring("not permitted to log in"));
    wait_until("the node is not eligible and says why", [&] {
        return leading.daemon->get("/v1/groups/orders").text("trouble").find("28000: ") != std::string::npos;
    });
    wait_until("the leader has stepped down", [&] { return leading.daemon->get("/leader").status == 503; });
    web_answer leaderless;
    wait_until("a write is told that nobody leads", [&] {
        leaderless = leading.daemon->post(writes, R"({"statements":[{"sql":"SELECT 1"}],"deadline_ms":300})");
        return leaderless.text("code") == "no_leader";
    });
    CHECK(leaderless.text("sqlstate") == "28000");
    CHECK_THAT(leaderless.text("detail"), ContainsSubstring("this node cannot lead: "));
    CHECK_THAT(leading.daemon->get("/readyz").text("detail"), ContainsSubstring("28000: "));
    CHECK_THAT(leading.daemon->log(), ContainsSubstring("28000: "));
}
