#include "sql/screening.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <chrono>
#include <string>

using penholder::errc;
using penholder::sql::screen_statement;

TEST_CASE("ordinary statements pass") {
    const auto* sql = GENERATE(
        "INSERT INTO t VALUES ($1)", "  update t set a = 'COMMIT; BEGIN' where b = $1;",
        "/* hello /* nested */ */ DELETE FROM t", "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x -- done",
        "SELECT $tag$ commit; ' $tag$", "(SELECT 1)", "CREATE TABLE temp (a int)", "SELECT temporary FROM t",
        "SELECT E'it\\'s; COMMIT'", "NOTIFY channel, 'x'", "SELECT pg_advisory_xact_lock(1)",
        "INSERT INTO \"Set\" VALUES (1)", "DO $$ BEGIN NULL; END $$", "TRUNCATE t", "SELECT 'penholder'",
        "SET LOCAL search_path = x", "SET CONSTRAINTS ALL DEFERRED", "SELECT set_config('a.b', f(1, 2), true)",
        "SELECT set_config($1, $2, TRUE)", "UPDATE staff SET role = 'boss'", "UPDATE staff SET \"role\" = 'boss'",
        "ALTER TABLE role ADD x int", "ALTER USER MAPPING FOR a SERVER b OPTIONS (SET x 'y')",
        "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC UPDATE t SET role = 1; SELECT 2; END",
        "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT set_config('a.role', 'x', true)",
        "SELECT 1_000", "SELECT E'a'\n 'b\\' , set_config(' , c");
    INFO(sql);
    const auto passed = screen_statement(sql);
    CHECK((passed ? std::string() : passed.error().message) == "");
}

TEST_CASE("what ends or leaves the transaction, outlives it or changes who executes it is refused") {
    const auto* sql = GENERATE(
        "COMMIT", "end", "ROLLBACK", "ABORT", "BEGIN", "START TRANSACTION", "SAVEPOINT a", "RELEASE a", "ROLLBACK TO a",
        "PREPARE TRANSACTION 'x'", "PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE p", "LISTEN c", "UNLISTEN *",
        "COPY t FROM STDIN", "SET search_path = x", "SET SESSION search_path = x", "SET LOCAL ROLE other",
        "SET LOCAL SESSION AUTHORIZATION other", "SET TRANSACTION READ ONLY", "RESET ALL", "DISCARD ALL", "LOAD 'x'",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "CREATE TEMP TABLE a (b int)",
        "create or replace temporary view v as select 1", "SELECT 1 INTO TEMP x", "CREATE TABLE pg_temp.x (a int)",
        "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock_shared(1)", "SELECT set_config('a.b', 'c', false)",
        "SELECT set_config('a.b', 'c', $1)", "SELECT pg_catalog.set_config('a.b', f(1, 2), 't')", "VACUUM",
        "SELECT set_config('a', set_config('b', 'c', false), true)", "SELECT set_config('a', 'b')",
        "UPDATE penholder.fence SET term = 9", "SELECT \"penholder\".guard('g', 1)", "DROP SCHEMA penholder CASCADE",
        "SELECT U&\"\\0070enholder\".f()", "/* x */ COMMIT -- y", "CHECKPOINT", "SET ROLE x", "set session role x",
        "SET \"role\" TO x", "SET LOCAL \"role\" = x", "SET SESSION AUTHORIZATION x", "SET session_authorization = x",
        "SELECT set_config(N'role', 'x', true)", "SET LOCAL standard_conforming_strings = off",
        "SET LOCAL \"standard_conforming_strings\" TO DEFAULT",
        "SELECT set_config('Standard_conforming_strings', 'off', true)", "SELECT set_config('role', 'x', true)",
        "SELECT set_config('ROLE', 'x', true)", "SELECT set_config(E'r\\157le', 'x', true)",
        "SELECT set_config('session_authorization', 'x', true)", "ALTER ROLE x SET a = 1",
        "ALTER ROLE CURRENT_USER SET default_transaction_read_only = on", "ALTER USER x", "ALTER GROUP x ADD USER y",
        "ALTER DATABASE x SET a = 1", "ALTER SYSTEM SET a = 1", "ALTER FUNCTION f() SET role TO x",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql SET role = x AS 'SELECT 1'",
        "SELECT E'a'\n 'b\\' , ' , set_config('a', 'b', false)");
    INFO(sql);
    const auto passed = screen_statement(sql);
    REQUIRE_FALSE(passed.has_value());
    CHECK(passed.error().code == errc::forbidden_statement);
}

TEST_CASE("empty, double and unfinished statements are malformed") {
    const auto sql =
        GENERATE(std::string(), std::string(" ; "), std::string("-- only"), std::string("SELECT 1; SELECT 2"),
                 std::string("SELECT 'open"), std::string("SELECT /* open"), std::string("SELECT $$open"),
                 std::string("SELECT \"open"), std::string("SELECT 1\0", 9), std::string("SELECT set_config('a', 'b'"),
                 std::string("CREATE TABLE a (b int); DROP TABLE c"));
    INFO(sql);
    const auto passed = screen_statement(sql);
    REQUIRE_FALSE(passed.has_value());
    CHECK(passed.error().code == errc::malformed_write);
}

TEST_CASE("nesting has a bound") {
    const auto nested = [](std::size_t depth, const std::string& open, const std::string& close) {
        std::string sql = "SELECT ";
        for (std::size_t i = 0; i < depth; ++i) sql += open;
        sql += "1";
        for (std::size_t i = 0; i < depth; ++i) sql += close;
        return screen_statement(sql);
    };
    CHECK(nested(2000, "(", ")").has_value());
    REQUIRE_FALSE(nested(2001, "(", ")").has_value());
    CHECK(nested(2001, "(", ")").error().code == errc::malformed_write);
    CHECK_FALSE(nested(2001, "a[", "]").has_value());
    CHECK(nested(100'000, "NOT ", "").has_value());  // Nothing here goes deeper with it.
    CHECK(nested(100'000, "1 + ", "").has_value());
}

TEST_CASE("a text takes time in proportion to its length") {
    std::string sql = "SELECT ";
    for (int i = 0; i < 48'000; ++i) sql += "set_config('a.b', 'c' || ";
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(screen_statement(sql).has_value());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));  // It was 24 s.
}

TEST_CASE("the highest parameter is how many PostgreSQL takes") {
    CHECK(screen_statement("SELECT 1")->parameters == 0);
    CHECK(screen_statement("UPDATE stock SET qty = qty - $1 WHERE id = $2 AND a <> '$9'")->parameters == 2);
    CHECK(screen_statement("SELECT $3, $1")->parameters == 3);
    CHECK(screen_statement("SELECT $99999999999999999999999")->parameters > 65535);
}
