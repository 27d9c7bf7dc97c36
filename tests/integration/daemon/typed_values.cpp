// The types of results and arrays as parameters, each held against what PostgreSQL itself says of them.
#include "running_daemon.hpp"
#include "two_nodes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <pqxx/pqxx>

#include <string>
#include <utility>
#include <vector>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;
namespace json = boost::json;

namespace {

/// PostgreSQL, asked without us.
class asked_directly {
public:
    explicit asked_directly(const running_daemon::plan& of) : connection_(of.database) {}

    pqxx::result exec(const std::string& sql) {
        pqxx::nontransaction work(connection_);
        return work.exec(sql);
    }
    json::value json_of(const std::string& sql) {
        return json::parse(exec("SELECT (" + sql + ")::text")[0][0].c_str());
    }

private:
    pqxx::connection connection_;
};

web_answer send(const running_daemon& to, const std::string& sql, const json::array& params = {},
                const std::string& values = "json", const std::string& key = {}) {
    const json::object statement{{"sql", sql}, {"params", params}};
    const json::object body{{"statements", json::array{statement}}, {"values", values}};
    return to.post(writes, json::serialize(body),
                   key.empty() ? running_daemon::headers() : running_daemon::headers{{"Idempotency-Key", key}});
}

json::array one_parameter(json::value value) {
    json::array made;
    made.push_back(std::move(value));
    return made;
}

/// The one statement's part of a receipt.
json::object first_statement(const web_answer& from) {
    INFO(from.body);
    REQUIRE(from.status == 200);
    return from.json().at("statements").at(0).as_object();
}

json::value only_value(const web_answer& from) {
    return first_statement(from).at("rows").at(0).at(0);
}

constexpr auto things =
    "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE SCHEMA other; CREATE TYPE other.pair AS (a int, b text); "
    "CREATE DOMAIN small AS int CHECK (value < 10); "
    "CREATE TABLE things (id int PRIMARY KEY, price numeric(10,2), how mood, hows mood[], pair other.pair, doc jsonb, "
    "tags text[], span interval(3), at timestamptz(0), few small, code char(3))";
constexpr auto insert_thing =
    "INSERT INTO things VALUES ($1, 0.10, 'happy', '{sad,NULL}', '(1,\"a b\")', '{\"a\": [1.50]}', "
    "'{\"a,b\",NULL}', '1 day', '2026-11-27 12:00:00+00', 7, 'x') RETURNING *";

/// What the server calls the columns' types in a result: a domain is described as what it is made of.
json::array types_of_things(asked_directly& server) {
    json::array types;
    for (const auto& row :
         server.exec("SELECT format_type(CASE typtype WHEN 'd' THEN typbasetype ELSE t.oid END, atttypmod) "
                     "FROM pg_attribute JOIN pg_type t ON t.oid = atttypid "
                     "WHERE attrelid = 'things'::regclass AND attnum > 0 ORDER BY attnum")) {
        types.emplace_back(row[0].c_str());
    }
    return types;
}

}  // namespace

TEST_CASE("a receipt names its columns' types, at the leader, over a link, replayed and asked for later") {
    const two_nodes nodes;
    asked_directly server(nodes.plan);
    server.exec(things);
    const auto types = types_of_things(server);
    CHECK(types.at(2) == "mood");
    CHECK(types.at(3) == "mood[]");
    CHECK(types.at(7) == "interval(3)");

    const auto first = first_statement(send(nodes.follower, insert_thing, {1}, "json", "thing"));
    CHECK(first.at("types") == types);
    CHECK(first.at("rows").at(0) ==
          json::parse(R"~([1, 0.10, "happy", ["sad", null], "(1,\"a b\")", {"a": [1.50]}, ["a,b", null], "1 day",
                           "2026-11-27 12:00:00+00", 7, "x  "])~"));
    for (const auto* node : {&nodes.leader, &nodes.follower}) {
        const auto again = send(*node, insert_thing, {1}, "json", "thing");
        CHECK(again.text("replayed") == "true");
        CHECK(first_statement(again) == first);
        const auto found = node->get(std::string(writes) + "/thing?values=json");
        CHECK(first_statement(found) == first);
        const auto as_text = first_statement(node->get(std::string(writes) + "/thing"));
        CHECK(as_text.at("types") == types);
        CHECK(as_text.at("rows").at(0).at(1) == "0.10");
        CHECK(as_text.at("rows").at(0).at(3) == "{sad,NULL}");
        CHECK(first_statement(send(*node, insert_thing, {1}, "text", "thing")) == as_text);
    }
    const auto wrong = nodes.leader.get(std::string(writes) + "/thing?values=yaml");
    CHECK(wrong.status == 400);
    CHECK(wrong.text("outcome") == "unknown");
}

TEST_CASE("a batch names types as a session does, also after they were renamed") {
    const two_nodes nodes;
    asked_directly server(nodes.plan);
    server.exec(things);
    server.exec("INSERT INTO things (id, how) VALUES (1, 'sad')");
    const auto change = [&] {
        return send(nodes.leader, "UPDATE things SET how = 'happy' WHERE id = 1 RETURNING how");
    };
    const auto batched = [&] {
        return nodes.leader.get("/v1/groups/orders").json().at("counters").at("lane_writes").to_number<int>();
    };
    for (int tries = 0; tries < 500 && batched() == 0; ++tries) {
        CHECK(first_statement(change()).at("types") == json::array{"mood"});
    }
    REQUIRE(batched() > 0);
    CHECK(first_statement(change()).at("types") == json::array{"mood"});
    server.exec("ALTER TYPE mood RENAME TO feeling");
    CHECK(first_statement(change()).at("types") == json::array{"feeling"});
    CHECK(first_statement(change()).at("rows") == json::array{json::array{"happy"}});
}

TEST_CASE("a type that the write itself makes has its name") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto made = daemon.post(writes, R"~({"statements":[{"sql":"CREATE TYPE fresh AS ENUM ('a')"},)~"
                                          R"~({"sql":"SELECT ARRAY['a'::fresh] AS v"}],"values":"json"})~");
    INFO(made.body);
    REQUIRE(made.status == 200);
    const json::value second = made.json().at("statements").at(1);
    CHECK(second.at("types") == json::array{"fresh[]"});
    CHECK(second.at("rows") == json::array{json::array{json::array{"a"}}});
}

TEST_CASE("values as JSON are what PostgreSQL's to_json makes of them") {
    const auto plan = leading_plan();
    const running_daemon daemon(plan);
    daemon.wait_until_ready();
    asked_directly server(plan);
    const std::vector<std::string> values{"true",
                                          "NULL::int",
                                          "(-32768)::int2",
                                          "2147483647",
                                          "9007199254740992",
                                          "(-9007199254740992)::int8",
                                          "1.5::float8",
                                          "0.1::float4",
                                          "1e300::float8",
                                          "'NaN'::float8",
                                          "'-Infinity'::float4",
                                          "12345.6700::numeric",
                                          "'NaN'::numeric",
                                          "0::numeric(4,2)",
                                          "0.30000000000000004::numeric",
                                          "'{\"a\": [1, null, {\"b\": \"c\"}]}'::jsonb",
                                          "' [1, 2] '::json",
                                          "'null'::jsonb",
                                          "'a\"b\\c'::text",
                                          "''::text",
                                          "E'a\\nb'::text",
                                          "'x'::char(3)",
                                          "'2024-02-29'::date",
                                          "'1 day 2 hours'::interval",
                                          "'c2d29867-3d0b-d497-9191-18a9d8ee7830'::uuid",
                                          "'\\xdeadbeef'::bytea",
                                          "'[1,5)'::int4range",
                                          "ARRAY[1,NULL,3]",
                                          "ARRAY[[1,2],[3,4]]",
                                          "'[0:1]={5,6}'::int[]",
                                          "'[1:1][-2:-1]={{1,2}}'::int[]",
                                          "'{}'::int[]",
                                          "ARRAY['a,b','c\"d','e\\f','',NULL,'NULL','{x}',' y ']",
                                          "ARRAY[true,false,NULL]",
                                          "ARRAY[0.10,20.5]",
                                          "ARRAY['{\"x\": [1]}'::jsonb, '2']",
                                          "ARRAY['(1,2)'::point]",
                                          "ARRAY['(2,2),(1,1)'::box, '(4,4),(3,3)']",
                                          "ARRAY['[1,5)'::int4range]"};
    for (const auto& value : values) {
        INFO(value);
        const auto answered = send(daemon, "SELECT " + value + " AS v");
        INFO(answered.body);
        if (value.starts_with("NULL")) {
            CHECK(only_value(answered).is_null());
        } else {
            CHECK(only_value(answered) == server.json_of("to_json(" + value + ")"));
        }
    }
}

TEST_CASE("what a double would lose digits of comes as text, and so does what has no JSON") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    for (const auto& [value, expected] : std::vector<std::pair<std::string, std::string>>{
             {"9007199254740993", "9007199254740993"},
             {"(-9223372036854775808)::int8", "-9223372036854775808"},
             {"0.12345678901234567890::numeric", "0.12345678901234567890"},
             {"1e400::numeric", "1" + std::string(400, '0')},
             {"ROW(1, 'a b')", "(1,\"a b\")"},
             {"'2026-11-27 12:00:00+00'::timestamptz", "2026-11-27 12:00:00+00"}}) {
        INFO(value);
        CHECK(only_value(send(daemon, "SELECT " + value + " AS v")) == json::value(expected));
    }
    CHECK_THAT(send(daemon, "SELECT 0.10::numeric AS v, 1e20::float8 AS w").body, ContainsSubstring("[[0.10,1e+20]]"));
}

TEST_CASE("large answers have their types, too") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto answered =
        send(daemon, "SELECT n, ARRAY[repeat('x', 1000)] AS v FROM generate_series(1, 2000) AS s (n) ORDER BY n");
    const auto result = first_statement(answered);
    CHECK(result.at("types") == json::array{"integer", "text[]"});
    REQUIRE(result.at("rows").as_array().size() == 2000);
    CHECK(result.at("rows").at(1999) == json::array{2000, json::array{std::string(1000, 'x')}});
}

TEST_CASE("JSON arrays as parameters are PostgreSQL's arrays, and come back as they went") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    for (const auto& [type, array] : std::vector<std::pair<std::string, std::string>>{
             {"int[]", "[1,-2,null]"},
             {"int[]", "[]"},
             {"int[]", "[[1,2],[3,null]]"},
             {"bigint[]", "[9007199254740992]"},
             {"numeric[]", "[0.5,10]"},
             {"float8[]", "[1e300,-0.25]"},
             {"bool[]", "[true,false,null]"},
             {"text[]",
              R"(["a","","NULL","null",null,"a b"," a ","a,b","{a}","a\"b","a\\b","a\\\"b","'","é","a\nb\t"])"},
             {"text[]", R"([["a","b"],["c","d,e"]])"},
             {"text[]", R"([[["a"]]])"},
             {"date[]", R"(["2024-02-29"])"},
             {"jsonb[]", R"(["{\"a\": 1}","[1, 2]"])"}}) {
        INFO(type << " " << array);
        const auto given = json::parse(array);
        const auto back = send(daemon, "SELECT $1::" + type + " AS v", {given});
        INFO(back.body);
        if (type == "jsonb[]") {
            CHECK(only_value(back) == json::parse(R"([{"a":1},[1,2]])"));
        } else {
            CHECK(only_value(back) == given);
            CHECK(only_value(send(daemon, "SELECT array_to_json($1::" + type + ") AS v", {given})) == given);
        }
    }
    const auto any = [&](const json::value& ids) {
        return only_value(send(daemon, "SELECT count(*) FROM stock WHERE id = ANY($1)", {ids}));
    };
    CHECK(any(json::array{1, 2, 99}) == 2);
    CHECK(any(json::array{}) == 0);
    CHECK(any("{1}") == 1);
}

TEST_CASE("JSON as a parameter is an object, or what is marked as JSON") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    for (const std::string document : {R"({"a":[1,{"b":null}]})", R"({"json":[1,"a",{"b":[]}]})", R"({"json":null})"}) {
        const auto given = json::parse(document);
        const auto& meant = given.as_object().contains("json") ? given.at("json") : given;
        CHECK(only_value(send(daemon, "SELECT $1::jsonb AS v", {given})) == meant);
        CHECK(only_value(send(daemon, "SELECT $1::jsonb IS NULL AS v", {given})) == false);
    }
    const auto array = send(daemon, "SELECT $1::jsonb AS v", one_parameter(json::array{1, 2}));
    CHECK(array.status == 422);
    CHECK(array.text("sqlstate") == "22P02");
    CHECK_THAT(array.text("hint"), ContainsSubstring(R"({"json": [1, 2]})"));
    for (const auto* type : {"json", "jsonb"}) {
        const auto empty = send(daemon, "SELECT $1::" + std::string(type) + " AS v", one_parameter(json::array{}));
        INFO(empty.body);
        CHECK(empty.status == 422);
        CHECK(empty.text("sqlstate") == "22P02");
        CHECK_THAT(empty.text("hint"), ContainsSubstring(R"({"json": []})"));
    }

    const auto mixed = send(daemon, "SELECT $1::int, $2::text[]", {1, json::array{1, "a"}});
    CHECK(mixed.status == 400);
    CHECK(mixed.text("code") == "malformed_write");
    CHECK(mixed.text("pointer") == "/statements/0/params/1");
    CHECK_THAT(mixed.text("detail"), ContainsSubstring("parameter $2: the array has numbers and strings in it"));
}

TEST_CASE("a key knows an array by its elements, however it was written") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto* const change = "UPDATE stock SET qty = 5 WHERE id = ANY($1)";
    CHECK(send(daemon, change, one_parameter(json::array{1, 2}), "text", "both").text("replayed") == "false");
    CHECK(send(daemon, change, {"{1,2}"}, "json", "both").text("replayed") == "true");
    CHECK(send(daemon, change, one_parameter(json::array{1, 3}), "text", "both").text("code") == "key_reused");
}
