#include "lane/statement_notes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;

TEST_CASE("only plain INSERT, UPDATE and DELETE are counted by the database") {
    CHECK(is_countable("UPDATE t SET a = 1"));
    CHECK(is_countable("  insert into t values ($1) -- RETURNING in a comment"));
    CHECK(is_countable("DELETE FROM t WHERE a = 'returning'"));
    CHECK_FALSE(is_countable("INSERT INTO t VALUES (1) RETURNING id"));
    CHECK_FALSE(is_countable("UPDATE t SET a = 1 WHERE CURRENT OF c"));
    CHECK_FALSE(is_countable("UPDATE t SET a = 1;"));
    CHECK_FALSE(is_countable("WITH x AS (SELECT 1) DELETE FROM t"));
    CHECK_FALSE(is_countable("SELECT f()"));
    CHECK_FALSE(is_countable("INSERT INTO t VALUES ('"));
    CHECK_FALSE(is_countable("DELETE FROM t), more AS (DELETE FROM u"));
    CHECK_FALSE(is_countable("DELETE FROM t WHERE (a = 1"));
}

TEST_CASE("how many rows a statement affects is unknown until it has run") {
    statement_notes notes;
    CHECK_FALSE(notes.of("DELETE FROM t").rows.has_value());
    CHECK(notes.of("DELETE FROM t").countable);
    CHECK_FALSE(notes.of("SELECT 1").countable);
    notes.of("DELETE FROM t").rows = 3;
    CHECK(notes.of("DELETE FROM t").rows == 3);
}

TEST_CASE("a counted statement has one more parameter, behind its own") {
    CHECK(counted_statement("DELETE FROM t WHERE a = $1 -- all", 1) ==
          "WITH penholder_counted AS (DELETE FROM t WHERE a = $1 -- all\n"
          "RETURNING 1) SELECT 1 / (count(*) = $2)::int FROM penholder_counted");
}
