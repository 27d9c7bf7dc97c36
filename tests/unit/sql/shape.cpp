#include "sql/shape.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace penholder::sql;

namespace {

std::string shape(const std::string& sql) {
    return shape_of(*scan(sql));
}

}  // namespace

TEST_CASE("a type called n and the prefix of a national string have two shapes") {
    CHECK(shape("SELECT n '5'") != shape("SELECT N'5'"));
    CHECK(shape("SELECT n'5'") == shape("SELECT N'5'"));
}

TEST_CASE("constants are a tag of their kind, everything else stays") {
    CHECK(shape("INSERT INTO t (a) VALUES ($1, 'x', 7, 1.5, B'1', X'f', TRUE, NULL, DEFAULT)") ==
          "insert into t ( a ) values ( $1 , 's' , 'i' , 'n' , 'b' , 'x' , true , null , default )");
    CHECK(shape("select  A.\"B\"/* c */FROM t -- d") == "select a . \"B\" from t");
    CHECK(shape("SELECT a FROM t WHERE b = 'x'") == shape("select a\nfrom t where b=$$y$$"));
    CHECK(shape("SELECT a<-1") != shape("SELECT a <@ -1"));
    CHECK(shape("SELECT a - 1") != shape("SELECT a, -1"));
    CHECK(shape("SELECT \"a\"") != shape("SELECT \"A\""));
}

// PostgreSQL's manual, 4.1.2.6: integers are int4 where they fit, then int8, then numeric; a sign is applied before.
TEST_CASE("the size of a number is part of it") {
    CHECK(shape("SELECT 1") == shape("SELECT 2147483647"));
    CHECK(shape("SELECT 1") != shape("SELECT 2147483648"));
    CHECK(shape("SELECT 2147483648") != shape("SELECT 2147483649"));
    CHECK(shape("SELECT 2147483649") == shape("SELECT 9223372036854775807"));
    CHECK(shape("SELECT 9223372036854775807") != shape("SELECT 9223372036854775808"));
    CHECK(shape("SELECT 9223372036854775809") == shape("SELECT 1.5"));
    CHECK(shape("SELECT 00000000000000000001") == shape("SELECT 1"));
}

TEST_CASE("positions and precisions stay as they are") {
    CHECK(shape("SELECT a, b FROM t ORDER BY 1") != shape("SELECT a, b FROM t ORDER BY 2"));
    CHECK(shape("SELECT a, b FROM t ORDER BY a, 1") != shape("SELECT a, b FROM t ORDER BY a, 2"));
    CHECK(shape("SELECT a, b FROM t GROUP BY (1), 2") != shape("SELECT a, b FROM t GROUP BY (2), 2"));
    CHECK(shape("SELECT DISTINCT ON (1) a, b FROM t") != shape("SELECT DISTINCT ON (2) a, b FROM t"));
    CHECK(shape("SELECT a FROM t ORDER BY a LIMIT 1") == shape("SELECT a FROM t ORDER BY a LIMIT 2"));
    CHECK(shape("SELECT a::float(24) FROM t") != shape("SELECT a::float(25) FROM t"));
}

TEST_CASE("a moment that depends on when it is read is no common string") {
    CHECK(shape("UPDATE t SET at = 'now'") == "update t set at = 't'");
    CHECK(shape("UPDATE t SET at = E'n\\x6fw'") == "update t set at = 't'");
    CHECK(shape("UPDATE t SET at = 'no'\n'w'") == "update t set at = 't'");
    CHECK(shape("UPDATE t SET at = '2026-11-26'") == "update t set at = 's'");
    CHECK(shape("UPDATE t SET note = 'do it now or never'") == "update t set note = 's'");
}

TEST_CASE("rows that look alike are folded from the second on") {
    CHECK(shape("INSERT INTO t VALUES (1, 'a')") == "insert into t values ( 'i' , 's' )");
    CHECK(shape("INSERT INTO t VALUES (1, 'a'), (2, 'b')") == "insert into t values ( 'i' , 's' ) , ...");
    CHECK(shape("INSERT INTO t VALUES (1, 'a'), (2, 'b')") ==
          shape("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"));
    CHECK(shape("INSERT INTO t VALUES (1, 'a'), (NULL, 'b')") != shape("INSERT INTO t VALUES (1, 'a'), (2, 'b')"));
    CHECK(shape("INSERT INTO t VALUES ($1, $2), ($3, $4) RETURNING a") ==
          "insert into t values ( $+0 , $+1 ) , ... returning a");
    CHECK(shape("INSERT INTO t VALUES ($1, 5), ($2, 6), ($3, 7)") == "insert into t values ( $+0 , 'i' ) , ...");
}

TEST_CASE("rows of parameters are folded only where they are numbered through and alone") {
    const auto folded = [](const std::string& sql) { return shape(sql).find("...") != std::string::npos; };
    CHECK(folded("INSERT INTO t VALUES ($1, $2), ($3, $4)"));
    CHECK_FALSE(folded("INSERT INTO t VALUES ($1, $2), ($1, $2)"));
    CHECK_FALSE(folded("INSERT INTO t VALUES ($2, $1), ($4, $3)"));
    CHECK_FALSE(folded("INSERT INTO t VALUES ($1, $2), ($4, $5)"));
    CHECK_FALSE(folded("INSERT INTO t VALUES ($1, $2), ($3, $4) ON CONFLICT (a) DO UPDATE SET b = $4"));
    CHECK_FALSE(folded("WITH x AS (SELECT $1::int) INSERT INTO t VALUES ($1, $2), ($3, $4)"));
}

TEST_CASE("what cannot be plain has no shape") {
    for (const auto* sql :
         {"CREATE TABLE t (a int)", "DO $$BEGIN END$$", "NOTIFY x", "SET LOCAL a = 1", "(SELECT 1)", "SELECT 1 INTO t",
          "SELECT * INTO UNLOGGED t FROM u", "WITH x AS (SELECT 1) SELECT 1 INTO t", "SELECT 1_000", "SELECT 0x1F",
          "CALL p()", "TRUNCATE t"}) {
        INFO(sql);
        CHECK(shape(sql).empty());
    }
    CHECK_FALSE(shape("MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE").empty());
    CHECK_FALSE(shape("TABLE t").empty());
    std::string long_one = "SELECT a";
    for (int i = 0; i < 16'000; ++i) long_one += ", a";
    CHECK_FALSE(shape(long_one).empty());
    for (int i = 0; i < 1'000; ++i) long_one += ", a";
    CHECK(shape(long_one).empty());
}
