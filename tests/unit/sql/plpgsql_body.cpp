#include "sql/plpgsql_body.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace penholder::sql;

namespace {

plpgsql_body body(const std::string& source, const std::string& head = "f() RETURNS trigger",
                  const std::vector<std::string>& arguments = {}) {
    const auto read = read_plpgsql("CREATE FUNCTION " + head + " LANGUAGE plpgsql AS $f$" + source + "$f$", arguments);
    REQUIRE(read.has_value());
    return *read;
}

std::vector<std::string> pieces(const plpgsql_body& of) {
    std::vector<std::string> all;
    for (const auto& one : of.pieces) all.push_back(one.sql);
    return all;
}

}  // namespace

TEST_CASE("the commonest trigger is an assignment to a column of NEW") {
    const auto read = body("BEGIN NEW.updated_at := now(); RETURN NEW; END");
    CHECK(read.beyond.empty());
    REQUIRE(read.pieces.size() >= 1);
    CHECK(read.pieces[0].sql == "SELECT  now()");
    CHECK(read.pieces[0].field_of_new == "updated_at");
    CHECK(read.pieces[0].what == plpgsql_piece::kind::assignment);
}

TEST_CASE("declarations, conditions, loops and statements are found with their SQL") {
    const auto read = body(
        "DECLARE b int := a + 1; BEGIN IF b > 3 THEN b = b * 2; ELSIF b IS NULL THEN RAISE NOTICE '%', b; END IF; "
        "FOR i IN 1..3 LOOP b := i; EXIT WHEN b > 2; END LOOP; PERFORM g(b); INSERT INTO t VALUES (b); "
        "SELECT count(*) INTO b FROM t; RETURN b; END",
        "f(a int) RETURNS int", {"a"});
    CHECK(read.beyond.empty());
    REQUIRE(read.variables.size() == 2);
    CHECK(read.variables[0].name == "b");
    CHECK(read.variables[1].name == "i");
    const auto all = pieces(read);
    for (const auto* wanted : {"SELECT a + 1", "SELECT b > 3", "SELECT  b * 2", "SELECT b IS NULL", "SELECT 1",
                               "SELECT 3", "SELECT  i", "SELECT b > 2", "SELECT g(b)", "INSERT INTO t VALUES (b)"}) {
        INFO(wanted);
        CHECK(std::count(all.begin(), all.end(), wanted) == 1);
    }
}

TEST_CASE("CASE compares its value itself, not a variable without a type") {
    const auto all = pieces(body("BEGIN CASE NEW.a WHEN 1 THEN NEW.b := 2; ELSE NULL; END CASE; RETURN NEW; END"));
    CHECK(std::count(all.begin(), all.end(), "SELECT (NEW.a) IN (1)") == 1);
}

TEST_CASE("what is beyond computing and plain statements is named") {
    CHECK(body("BEGIN EXECUTE 'x'; RETURN NEW; END").beyond == "EXECUTE");
    CHECK(body("BEGIN RETURN NEW; EXCEPTION WHEN others THEN RETURN NULL; END").beyond == "EXCEPTION");
    CHECK(body("BEGIN CALL p(); RETURN NEW; END").beyond == "call");
    CHECK(body("DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; RETURN NEW; END").beyond == "fors");
    CHECK(body("#variable_conflict use_column\nBEGIN RETURN NEW; END").beyond == "#variable_conflict");
    CHECK(body("DECLARE a int; BEGIN DECLARE a text; BEGIN NULL; END; RETURN NEW; END").beyond ==
          "two variables of one name");
}

TEST_CASE("a subscript in front of := is a variable or a number, for whatever else it is would run unseen") {
    const std::string head = "f(a int[], i int) RETURNS int";
    for (const auto* simple : {"a[1] := 5", "a[i] := 5", "a[1:i] := '{5}'", "a[1][i] = 5"}) {
        CHECK(body("BEGIN " + std::string(simple) + "; RETURN 1; END", head, {"a", "i"}).beyond.empty());
    }
    for (const auto* runs : {"a[g()] := 5", "a[i + 1] := 5", "a[(SELECT 1)] := 5", "a['1'] := 5", "a[1][g(2)] = 5"}) {
        CHECK_FALSE(body("BEGIN " + std::string(runs) + "; RETURN 1; END", head, {"a", "i"}).beyond.empty());
    }
    CHECK_FALSE(body("BEGIN NEW.tags[g()] := 'x'; RETURN NEW; END").beyond.empty());
}

TEST_CASE("a variable that hides another, an argument or one that is given may have another type") {
    const std::string head = "f(i bigint) RETURNS int";
    CHECK(body("DECLARE j int; BEGIN RETURN i; END", head, {"i"}).beyond.empty());
    for (const auto* hides :
         {"BEGIN FOR i IN 1..2 LOOP PERFORM g(i); END LOOP; RETURN 1; END", "DECLARE i int := 1; BEGIN RETURN i; END",
          "DECLARE found int := 1; BEGIN RETURN found; END",
          "DECLARE j int; BEGIN DECLARE j text; BEGIN PERFORM g(j); END; RETURN 1; END"}) {
        CHECK(body(hides, head, {"i"}).beyond == "two variables of one name");
    }
}

TEST_CASE("what PostgreSQL's grammar does not take is an error, whatever its depth") {
    CHECK_FALSE(
        read_plpgsql("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN IF; END $f$", {}).has_value());
    CHECK_FALSE(read_plpgsql("nonsense", {}).has_value());
    std::string deep = "BEGIN RETURN 1";
    for (int i = 0; i < 50'000; ++i) deep += "+1";
    deep += "; END";
    std::string nested;
    for (int i = 0; i < 20'000; ++i) nested += "BEGIN ";
    for (int i = 0; i < 20'000; ++i) nested += "END; ";
    for (const auto& source : {deep, nested}) {
        const auto read = read_plpgsql("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$" + source + "$f$", {});
        CHECK((read.has_value() || !read.error().message.empty()));
    }
}
