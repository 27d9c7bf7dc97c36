#include "sql/probe_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace penholder::sql;

TEST_CASE("a statement's probe holds it as it is, with its parameters' types") {
    const std::vector<std::string> types{"integer", "text"};
    CHECK(*probe_text("INSERT INTO t VALUES ($1, $2) -- done", types) ==
          "CREATE FUNCTION pg_temp.penholder_probe (integer, text) RETURNS pg_catalog.void LANGUAGE sql BEGIN ATOMIC\n"
          "INSERT INTO t VALUES ($1, $2)\n; END");
    CHECK(probe_text("SELECT 1 ; ;", {})->ends_with("BEGIN ATOMIC\nSELECT 1\n; END"));
}

TEST_CASE("no text that could close the body is put into one") {
    for (const auto* sql : {"SELECT 1; END; DROP TABLE t", "END", "", ";", "RETURN 1", "SELECT 'open",
                            "SELECT 1 /* open", "CREATE TABLE t (a int)", "SELECT 1; SELECT 2"}) {
        INFO(sql);
        CHECK_FALSE(probe_text(sql, {}).has_value());
    }
    CHECK(probe_text("SELECT '; END'", {}).has_value());
}

TEST_CASE("a function's arguments and variables are the probe's, a trigger's rows too") {
    function_facts function;
    function.name = "public.\"Touch\"";
    function.language = "plpgsql";
    function.argument_names = {"a"};
    function.argument_types = {"integer"};
    plpgsql_body body;
    body.variables = {{"b", "numeric(10,2) "},
                      {"c", "public.t%ROWTYPE"},
                      {"d", "t.id%TYPE"},
                      {"e", "record"},
                      {"f", "int) RETURNS void AS 'x' --"}};
    const auto text = *probe_text(function, body, {plpgsql_piece::kind::assignment, "SELECT now()", "at"}, "public.t");
    CHECK(
        text.starts_with("CREATE FUNCTION pg_temp.\"Touch\" (\"a\" integer, \"b\" numeric(10,2) , \"c\" public.t, "
                         "\"d\" t.id%TYPE, \"found\" pg_catalog.bool, \"new\" public.t, \"old\" public.t, "
                         "\"tg_name\" pg_catalog.name,"));
    CHECK(text.ends_with("BEGIN ATOMIC\nSELECT now()\n; END"));
}

TEST_CASE("a body in SQL is its statements") {
    const auto body = read_sql_body(" SELECT 1; -- x\n UPDATE t SET a = ';' ;\n ");
    REQUIRE(body.has_value());
    REQUIRE(body->pieces.size() == 2);
    CHECK(body->pieces[0].sql == " SELECT 1");
    CHECK(body->pieces[1].sql.find("UPDATE t SET a = ';' ") != std::string::npos);
}

TEST_CASE("what changes a session for good is seen in a source, wherever it stands in it") {
    for (const auto* source : {"BEGIN PERFORM set_config('a.b', 'c', true); END", "BEGIN EXECUTE 'x'; END",
                               "BEGIN SET LOCAL a = 1; END", "BEGIN IF a THEN SET a TO 1; END IF; END",
                               "SELECT setseed(1)", "SELECT \"set_config\"('a', 'b', true)", "SELECT 'open"}) {
        INFO(source);
        CHECK(mentions_session(source));
    }
    for (const auto* source : {"BEGIN UPDATE t SET a = 1; END", "BEGIN NEW.a := 'set_config'; RETURN NEW; END"}) {
        INFO(source);
        CHECK_FALSE(mentions_session(source));
    }
}
