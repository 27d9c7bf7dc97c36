#include "fixture.hpp"
#include "postgres/diagnosis.hpp"

using namespace penholder;
using namespace penholder::testing;
using postgres::severity;

namespace {

std::string empty_database() {
    static int count = 0;
    const auto name = "empty_" + std::to_string(++count);
    shared_server().create_database(name);
    return name;
}

bool finds(const std::vector<postgres::finding>& all, const std::string& subject, severity what) {
    return std::ranges::any_of(all, [&](const auto& one) { return one.subject == subject && one.severity == what; });
}

}  // namespace

TEST_CASE("init creates the schema, and repeating it changes nothing") {
    const auto conninfo = shared_server().conninfo(empty_database());
    CHECK(*postgres::init_schema(conninfo) == postgres::schema_report{0, 1});
    CHECK(*postgres::init_schema(conninfo) == postgres::schema_report{1, 1});
}

TEST_CASE("without a schema the probe says to run penholder init") {
    node_view node(shared_server().conninfo(empty_database()));
    const auto seen = node.wait(node.database.probe());
    REQUIRE_FALSE(seen.has_value());
    CHECK(seen.error().code == errc::schema_missing);
    CHECK(seen.error().message.find("penholder init") != std::string::npos);
}

TEST_CASE("a newer schema is neither used nor touched") {
    const auto name = fresh_database();
    shared_server().exec("INSERT INTO penholder.schema_version (version) VALUES (99)", name);
    node_view node(shared_server().conninfo(name));
    CHECK(node.wait(node.database.probe()).error().code == errc::schema_unknown);
    CHECK(postgres::init_schema(shared_server().conninfo(name)).error().code == errc::schema_unknown);
    CHECK(one_value(name, "SELECT count(*) FROM penholder.schema_version") == "2");
}

TEST_CASE("a database that is not there and a connection string that is none are told apart") {
    node_view gone("host=/nonexistent dbname=x");
    CHECK(gone.wait(gone.database.probe()).error().code == errc::database_unreachable);
    node_view nonsense("this is no connection string");
    CHECK(nonsense.wait(nonsense.database.probe()).error().code == errc::invalid_argument);
    CHECK(postgres::init_schema(shared_server().conninfo(fresh_database()), "nobody_at_all").error().code ==
          errc::invalid_argument);
}

TEST_CASE("a lane's own role writes and cannot touch fence or ledger, not even through a function") {
    const auto name = fresh_database();
    shared_server().exec("CREATE ROLE lane_role LOGIN", name);
    shared_server().exec("GRANT ALL ON counter TO lane_role", name);
    shared_server().exec("GRANT CREATE ON SCHEMA public TO lane_role", name);
    REQUIRE(postgres::init_schema(shared_server().conninfo(name), "lane_role").has_value());
    const auto conninfo = shared_server().conninfo(name) + " user=lane_role";
    node_view node(conninfo);
    node.lead(1);
    CHECK(node.answer(node.send(increment("a"))).receipt.outcome == outcome::committed);
    penholder::write sneaky("s");
    sneaky.add("DO $$ BEGIN EXECUTE 'UPDATE pen' || 'holder.fence SET term = 99'; END $$");
    CHECK(node.answer(node.send(sneaky)).receipt.why->sqlstate == "42501");
    const auto found = postgres::diagnose(conninfo);
    CHECK(finds(found, "rights", severity::good));
    CHECK(finds(postgres::diagnose(shared_server().conninfo(name)), "rights", severity::warning));
}

TEST_CASE("a diagnosis finds a missing schema, a missing server and lost durability") {
    CHECK(finds(postgres::diagnose(shared_server().conninfo(empty_database())), "schema", severity::trouble));
    CHECK(finds(postgres::diagnose("host=/nonexistent"), "connection", severity::trouble));
    CHECK(finds(postgres::diagnose(shared_server().conninfo(fresh_database())), "durability", severity::trouble));
}

TEST_CASE("a sweep forgets what is older than its retention, in bounded steps") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    for (const auto* key : {"a", "b", "c"}) node.send(increment(key));
    node.answer(node.send_given(1, increment()));
    pqxx::connection sweeper(shared_server().conninfo(name));
    pqxx::nontransaction work(sweeper);
    sweeper.prepare(
        "sweep",
        "SELECT penholder.sweep($1, pg_catalog.make_interval(secs => $2), pg_catalog.make_interval(secs => $3), $4)");
    CHECK(work.exec_prepared("sweep", "g", "3600", "3600", "1000")[0][0].as<int>() == 0);
    CHECK(work.exec_prepared("sweep", "g", "0", "0", "2")[0][0].as<int>() == 3);
    CHECK(work.exec_prepared("sweep", "g", "0", "0", "2")[0][0].as<int>() == 1);
}
