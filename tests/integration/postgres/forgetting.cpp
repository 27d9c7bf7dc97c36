#include "fixture.hpp"
#include "postgres/schema_steps.hpp"

using namespace penholder;
using namespace penholder::testing;

namespace {

penholder::write to_nowhere(const std::string& key) {
    penholder::write made(key);
    made.add("INSERT INTO nowhere VALUES (1)");
    return made;
}

}  // namespace

TEST_CASE("a rejected key is forgotten under the term that the fence stands at, and by no deposed leader") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const auto first = node.answer(node.send(to_nowhere("burned")));
    CHECK(first.receipt.why->sqlstate == "42P01");

    node_view next(shared_server().conninfo(name));
    next.lead(2, "node-2");
    const auto refused = node.wait(node.database.forget({1}, "burned"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::not_leader);
    const auto kept = next.answer(next.send(to_nowhere("burned")));
    CHECK(kept.receipt.replayed);
    CHECK(kept.receipt.why == first.receipt.why);
    CHECK(kept.receipt.decided_at == first.receipt.decided_at);

    const auto forgotten = next.wait(next.database.forget({2}, "burned"));
    REQUIRE(forgotten.has_value());
    REQUIRE(forgotten->has_value());
    CHECK((*forgotten)->why == first.receipt.why);
    CHECK(one_value(name, "SELECT count(*) FROM penholder.keys") == "0");
    CHECK_FALSE(next.answer(next.send(increment("burned"))).receipt.replayed);
    CHECK(next.wait(next.database.forget({2}, "burned")).error().code == errc::refused);
    CHECK_FALSE(next.wait(next.database.forget({2}, "never")).value().has_value());
}

TEST_CASE("a key that was decided anew meanwhile keeps its receipt") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    node.answer(node.send(to_nowhere("burned")));
    CHECK(one_value(name, "SELECT penholder.forget('g', 1, 'burned', '\\x00')") == "f");
    shared_server().exec("SELECT penholder.enroll('h'); SELECT penholder.raise_fence('h', 1, 'n', 'n:1')", name);
    CHECK(one_value(name, "SELECT penholder.forget('h', 1, 'burned', receipt) FROM penholder.keys") == "f");
    CHECK(one_value(name, "SELECT count(*) FROM penholder.keys") == "1");
}

TEST_CASE("an upgrade from version 2 gives the nodes' role what it needs to forget") {
    const std::string name = "forgetful_upgrade";
    shared_server().create_database(name);
    shared_server().exec(postgres::schema_steps().at(0), name);
    shared_server().exec(postgres::schema_steps().at(1), name);
    shared_server().exec(
        "CREATE ROLE forgetful LOGIN; GRANT USAGE ON SCHEMA penholder TO forgetful; "
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA penholder TO forgetful",
        name);
    CHECK(*postgres::init_schema(shared_server().conninfo(name)) == postgres::schema_report{2, 4, {}});
    node_view node(shared_server().conninfo(name) + " user=forgetful");
    node.lead(1);
    node.answer(node.send(to_nowhere("burned")));
    CHECK(node.wait(node.database.forget({1}, "burned")).value().has_value());
    CHECK(one_value(name,
                    "SELECT has_function_privilege('pg_monitor', 'penholder.forget(text, bigint, text, bytea)', "
                    "'EXECUTE')") == "f");
    node.lane.reset();
    shared_server().exec("DROP OWNED BY forgetful; DROP ROLE forgetful", name);
}
