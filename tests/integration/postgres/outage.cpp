#include "company.hpp"
#include "fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto record = "penholder.record(text, bigint, text[], bytea[], bytea[], text[], bytea[])";

}  // namespace

TEST_CASE("what keeps all writes from being recorded reaches their callers and the leader's state") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    node.learn(increment());
    shared_server().exec("ALTER FUNCTION " + std::string(record) + " RENAME TO mislaid", name);
    const auto sent = node.send(increment("while-it-lasts"), 4s);
    node.run_until([&] { return node.lane->outage().has_value(); });
    CHECK_THAT(*node.lane->outage(), ContainsSubstring("42883") && ContainsSubstring("penholder.record"));
    const auto& answered = node.answer(sent);
    CHECK(answered.verdict == write_verdict::handed_back);
    CHECK(answered.why == errc::deadline_expired);
    CHECK(answered.sqlstate == "42883");
    CHECK_THAT(answered.message, ContainsSubstring("penholder.record"));

    shared_server().exec("ALTER FUNCTION penholder.mislaid RENAME TO record", name);
    CHECK(outcome_of(node.answer(node.send(increment("afterwards")))) == "committed");
    CHECK_FALSE(node.lane->outage().has_value());
}

TEST_CASE("a write that conflicts until its deadline is answered with what PostgreSQL raised") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE FUNCTION conflicts() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never' "
        "USING ERRCODE = '40001'; END $$",
        name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const auto& answered = node.answer(node.send(writing("never", {"SELECT conflicts()"}), 700ms));
    CHECK(answered.verdict == write_verdict::handed_back);
    CHECK(answered.why == errc::deadline_expired);
    CHECK(answered.sqlstate == "40001");
    CHECK_THAT(answered.message, ContainsSubstring("never"));
}
