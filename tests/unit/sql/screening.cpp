#include "sql/screening.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using penholder::errc;
using penholder::sql::screen_statement;

TEST_CASE("ordinary statements pass") {
    const auto* sql =
        GENERATE("INSERT INTO t VALUES ($1)", "  update t set a = 'COMMIT; BEGIN' where b = $1;",
                 "/* hello /* nested */ */ DELETE FROM t", "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x -- done",
                 "SELECT $tag$ commit; ' $tag$", "(SELECT 1)", "CREATE TABLE temp (a int)", "SELECT temporary FROM t",
                 "SELECT E'it\\'s; COMMIT'", "NOTIFY channel, 'x'", "SELECT pg_advisory_xact_lock(1)",
                 "INSERT INTO \"Set\" VALUES (1)", "DO $$ BEGIN NULL; END $$", "TRUNCATE t", "SELECT 'penholder'");
    INFO(sql);
    const auto needs = screen_statement(sql);
    REQUIRE(needs.has_value());
    CHECK_FALSE(needs->alone);
}

TEST_CASE("what ends or leaves the transaction or outlives it is refused") {
    const auto* sql = GENERATE(
        "COMMIT", "end", "ROLLBACK", "ABORT", "BEGIN", "START TRANSACTION", "SAVEPOINT a", "RELEASE a", "ROLLBACK TO a",
        "PREPARE TRANSACTION 'x'", "PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE p", "LISTEN c", "UNLISTEN *",
        "COPY t FROM STDIN", "SET search_path = x", "SET SESSION search_path = x", "SET LOCAL ROLE other",
        "SET LOCAL SESSION AUTHORIZATION other", "SET TRANSACTION READ ONLY", "RESET ALL", "DISCARD ALL", "LOAD 'x'",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "CREATE TEMP TABLE a (b int)",
        "create or replace temporary view v as select 1", "SELECT 1 INTO TEMP x", "CREATE TABLE pg_temp.x (a int)",
        "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock_shared(1)", "SELECT set_config('a.b', 'c', false)",
        "SELECT set_config('a.b', 'c', $1)", "SELECT pg_catalog.set_config('a.b', f(1, 2), 't')", "VACUUM",
        "UPDATE penholder.fence SET term = 9", "SELECT \"penholder\".guard('g', 1)", "DROP SCHEMA penholder CASCADE",
        "SELECT U&\"\\0070enholder\".f()", "/* x */ COMMIT -- y", "CHECKPOINT");
    INFO(sql);
    const auto needs = screen_statement(sql);
    REQUIRE_FALSE(needs.has_value());
    CHECK(needs.error().code == errc::forbidden_statement);
}

TEST_CASE("what holds to the end of the transaction has its batch alone") {
    const auto* sql = GENERATE("SET LOCAL search_path = x", "SET CONSTRAINTS ALL DEFERRED",
                               "SELECT set_config('a.b', f(1, 2), true)");
    INFO(sql);
    REQUIRE(screen_statement(sql).has_value());
    CHECK(screen_statement(sql)->alone);
}

TEST_CASE("empty, double and unfinished statements are malformed") {
    const auto sql =
        GENERATE(std::string(), std::string(" ; "), std::string("-- only"), std::string("SELECT 1; SELECT 2"),
                 std::string("SELECT 'open"), std::string("SELECT /* open"), std::string("SELECT $$open"),
                 std::string("SELECT \"open"), std::string("SELECT 1\0", 9));
    INFO(sql);
    const auto needs = screen_statement(sql);
    REQUIRE_FALSE(needs.has_value());
    CHECK(needs.error().code == errc::malformed_write);
}
