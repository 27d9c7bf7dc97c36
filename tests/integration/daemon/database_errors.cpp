#include "postgres/schema.hpp"
#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <future>

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

TEST_CASE("that the ledger cannot be asked is told at every door, though new keys are written") {
    modest_leader leading("asks_no_ledger");
    const auto send = [&](const std::string& key, int deadline_ms) {
        return leading.daemon->post(
            writes,
            R"({"statements":[{"sql":"UPDATE stock SET qty = 5 WHERE id = 1"}],"deadline_ms":)" +
                std::to_string(deadline_ms) + "}",
            {{"Idempotency-Key", key}});
    };
    REQUIRE(send("repeated", 5000).status == 200);
    leading.run("REVOKE EXECUTE ON FUNCTION penholder.look_up FROM " + leading.role);

    auto repeated = std::async(std::launch::async, [&] { return send("repeated", 4000); });
    int fresh = 0;
    wait_until("the leader is not ready, and says why", [&] {
        CHECK(send("fresh-" + std::to_string(fresh++), 3000).status == 200);
        const auto ready = leading.daemon->get("/readyz");
        return ready.status == 503 && ready.text("detail").find("42501: ") != std::string::npos &&
               ready.text("detail").find("look_up") != std::string::npos;
    });
    CHECK_THAT(leading.daemon->get("/v1/groups/orders").text("trouble"), ContainsSubstring("look_up"));
    CHECK_THAT(leading.daemon->log(), ContainsSubstring("writes_fail") && ContainsSubstring("look_up"));
    const auto answered = repeated.get();
    INFO(answered.body);
    CHECK(answered.status == 504);
    CHECK(answered.text("code") == "outcome_unknown");
    CHECK(answered.text("sqlstate") == "42501");
    CHECK_THAT(answered.text("detail"), ContainsSubstring("look_up"));
    CHECK_THAT(answered.text("hint"), ContainsSubstring("penholder init --lane-role"));

    leading.run("GRANT EXECUTE ON FUNCTION penholder.look_up TO " + leading.role);
    CHECK(send("repeated", 5000).text("replayed") == "true");
    CHECK(leading.daemon->get("/readyz").status == 200);
}

TEST_CASE("a right of Penholder's own that is missing has advice that mends it, and a disk that is full too") {
    modest_leader leading("records_nothing");
    leading.run("REVOKE EXECUTE ON FUNCTION penholder.record FROM " + leading.role);
    const auto refused = leading.daemon->post(
        writes, R"({"statements":[{"sql":"UPDATE stock SET qty = 5 WHERE id = 1"}],"deadline_ms":1500})");
    INFO(refused.body);
    CHECK(refused.status == 503);
    CHECK(refused.text("sqlstate") == "42501");
    CHECK_THAT(refused.text("hint"), ContainsSubstring("penholder init --lane-role") &&
                                         ContainsSubstring(". Then send the same request again."));

    leading.run("ALTER FUNCTION penholder.record RENAME TO record_as_ever");
    leading.run(
        "CREATE FUNCTION penholder.record(text, bigint, text[], bytea[], bytea[], text[], bytea[]) RETURNS void "
        "LANGUAGE plpgsql AS $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100', "
        "HINT = 'Check free disk space'; END $$; GRANT EXECUTE ON FUNCTION penholder.record TO " +
        leading.role);
    const auto full = leading.daemon->post(
        writes, R"({"statements":[{"sql":"UPDATE stock SET qty = 5 WHERE id = 1"}],"deadline_ms":1500})");
    INFO(full.body);
    CHECK(full.status == 503);
    CHECK(full.text("sqlstate") == "53100");
    CHECK_THAT(full.text("hint"), ContainsSubstring("Free disk space"));
}
