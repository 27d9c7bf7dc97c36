#include "fixture.hpp"
#include "postgres/diagnosis.hpp"
#include "postgres/schema_steps.hpp"

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
    CHECK(*postgres::init_schema(conninfo) == postgres::schema_report{0, 4, {}});
    CHECK(*postgres::init_schema(conninfo) == postgres::schema_report{4, 4, {}});
}

TEST_CASE("an upgrade from version 1 keeps fence, ledger and rights") {
    const auto name = empty_database();
    const auto own = shared_server().conninfo(name);
    {
        pqxx::connection connection(own);
        pqxx::work work(connection);
        work.exec(postgres::schema_steps().front());
        work.exec(
            "INSERT INTO penholder.fence VALUES ('g', 7, 'node-1', 'one:1', '2026-01-02 03:04:05Z'), ('h', 0, '', '', "
            "NULL); INSERT INTO penholder.keys VALUES ('g', 'k', '\\x01', '\\x02', 7); "
            "INSERT INTO penholder.origins VALUES ('g', 'o', '\\x03'); CREATE ROLE \"Old lane\" LOGIN; "
            "GRANT USAGE ON SCHEMA penholder TO \"Old lane\"; "
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA penholder TO \"Old lane\"");
        work.commit();
    }
    CHECK(*postgres::init_schema(own) == postgres::schema_report{1, 4, {}});
    CHECK(one_value(name, "SELECT s::text FROM penholder.standing('g') s") ==
          "(7,node-1,one:1,2026-01-02T03:04:05.000Z)");
    CHECK(one_value(name, "SELECT count(*) FROM penholder.fence WHERE grp = 'g' AND term = 7") == "65");
    CHECK(one_value(name, "SELECT count(*) FROM penholder.fence WHERE grp = 'h' AND term = 0") == "65");
    CHECK(one_value(name, "SELECT string_agg(kind || id, ',') FROM penholder.look_up('g', '{k}', '{o}')") == "kk,oo");
    CHECK(one_value(name, "SELECT version FROM penholder.version() AS version") == "4");
    node_view node(own + " user='Old lane'");
    node.lead(8);
    CHECK(one_value(name, "SELECT min(term) FROM penholder.fence WHERE grp = 'g'") == "8");
    shared_server().exec("DROP OWNED BY \"Old lane\"; DROP ROLE \"Old lane\"", name);
}

TEST_CASE("a role that may make no event triggers makes the schema without, and a superuser adds them") {
    const auto name = empty_database();
    shared_server().exec("CREATE ROLE modest LOGIN; GRANT CREATE ON DATABASE " + name + " TO modest", name);
    const auto modest = shared_server().conninfo(name) + " user=modest";
    const auto report = postgres::init_schema(modest);
    REQUIRE(report.has_value());
    CHECK(report->unwatched.find("permission denied") != std::string::npos);
    CHECK(one_value(name, "SELECT penholder.catalogue_stamp()") == "0");
    CHECK(finds(postgres::diagnose(modest), "catalogue", severity::warning));
    {
        node_view node(modest);
        node.lead(3);
        pqxx::connection ledger(modest);
        pqxx::nontransaction(ledger).exec("SELECT penholder.record('g', 3, '{k}', '{\\x01}', '{\\x02}', '{}', '{}')");
    }
    REQUIRE(postgres::init_schema(shared_server().conninfo(name))->unwatched.empty());
    CHECK(one_value(name, "SELECT penholder.catalogue_stamp() <> 0") == "t");
    CHECK(one_value(name, "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'penholder'") == "postgres");
    CHECK(one_value(name,
                    "SELECT count(*) FROM pg_proc WHERE pronamespace = 'penholder'::regnamespace AND proowner <> "
                    "'postgres'::regrole") == "0");
    CHECK(one_value(name, "SELECT term FROM penholder.standing('g')") == "3");
    CHECK(one_value(name, "SELECT id FROM penholder.look_up('g', '{k}', '{}')") == "k");
    node_view node(modest);
    node.lead(4);
    CHECK(finds(postgres::diagnose(modest), "catalogue", severity::good));
    CHECK(finds(postgres::diagnose(modest), "rights", severity::good));
    shared_server().exec("DROP OWNED BY modest; DROP ROLE modest", name);
}

TEST_CASE("a superuser takes over no schema that holds other things than init makes") {
    const auto name = empty_database();
    shared_server().exec("CREATE ROLE sly LOGIN; GRANT CREATE ON DATABASE " + name + " TO sly", name);
    const auto sly = shared_server().conninfo(name) + " user=sly";
    REQUIRE(postgres::init_schema(sly).has_value());
    {
        pqxx::connection own(sly);
        pqxx::nontransaction work(own);
        work.exec(
            "CREATE FUNCTION penholder.trap() RETURNS text LANGUAGE plpgsql AS $$ BEGIN "
            "EXECUTE 'ALTER ROLE sly SUPERUSER'; RETURN 'x'; END $$; "
            "ALTER TABLE penholder.keys RENAME TO hidden; "
            "CREATE VIEW penholder.keys AS SELECT grp, penholder.trap() AS key, fingerprint, receipt, term, at "
            "FROM penholder.hidden; INSERT INTO penholder.hidden VALUES ('g', 'k', '', '', 1)");
    }
    const auto refused = postgres::init_schema(shared_server().conninfo(name));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::refused);
    CHECK(refused.error().message.find("sly") != std::string::npos);
    CHECK(one_value(name, "SELECT rolsuper FROM pg_roles WHERE rolname = 'sly'") == "f");
    shared_server().exec("DROP OWNED BY sly CASCADE; DROP ROLE sly", name);
}

TEST_CASE("a view in the place of the table of versions is not read") {
    const auto name = empty_database();
    shared_server().exec("CREATE ROLE early LOGIN; GRANT CREATE ON DATABASE " + name + " TO early", name);
    {
        pqxx::connection own(shared_server().conninfo(name) + " user=early");
        pqxx::nontransaction work(own);
        work.exec(
            "CREATE SCHEMA penholder; CREATE FUNCTION penholder.trap() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
            "EXECUTE 'ALTER ROLE early SUPERUSER'; RETURN 1; END $$; "
            "CREATE VIEW penholder.schema_version AS SELECT penholder.trap() AS version");
    }
    const auto refused = postgres::init_schema(shared_server().conninfo(name));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("early") != std::string::npos);
    CHECK(one_value(name, "SELECT rolsuper FROM pg_roles WHERE rolname = 'early'") == "f");
    shared_server().exec("DROP OWNED BY early CASCADE; DROP ROLE early", name);
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
    CHECK(one_value(name, "SELECT count(*) FROM penholder.schema_version") == "5");
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

TEST_CASE("a sweep forgets what is older than its retention, in bounded steps, each of which goes on behind the last") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    node.learn(increment());
    const auto sweep = [&](const std::string& age, const std::string& most, const std::string& from) {
        pqxx::connection sweeper(shared_server().conninfo(name));
        pqxx::nontransaction work(sweeper);
        const auto said = work.exec_params(
            "SELECT * FROM penholder.sweep($1, pg_catalog.make_interval(secs => $2), "
            "pg_catalog.make_interval(secs => $2), $3, $4)",
            "g", age, most, from)[0];
        return std::tuple(said[0].as<int>(), said[1].as<std::string>(), said[2].as<bool>());
    };
    sweep("0", "1000", "0");
    for (const auto* key : {"a", "b", "c", "d"}) node.answer(node.send(increment(key)));
    node.answer(node.send_given(1, increment()));
    CHECK(std::get<0>(sweep("3600", "1000", "0")) == 0);
    const auto read = [&](const std::string& sql) { return shared_server().exec(sql, name)[0][0].as<std::string>(); };
    const auto keys = [&] { return read("SELECT string_agg(key, ' ' ORDER BY key) FROM penholder.keys"); };
    const auto time_of = [&](const std::string& key) {
        return read("SELECT (extract(epoch FROM at) * 1000000)::bigint FROM penholder.keys WHERE key = '" + key + "'");
    };
    const auto of_c = time_of("c");
    CHECK(sweep("0", "2", "0") == std::tuple(3, of_c, true));  // Two keys, and the origin.
    CHECK(keys() == "c d");
    CHECK(std::get<0>(sweep("0", "2", time_of("d"))) == 1);
    CHECK(keys() == "c");
    shared_server().exec(
        "INSERT INTO penholder.keys (grp, key, fingerprint, receipt, term, at) "
        "SELECT grp, 'of one moment ' || n, fingerprint, receipt, term, at FROM penholder.keys, generate_series(1, 4) "
        "n",
        name);
    CHECK(sweep("0", "2", of_c) == std::tuple(2, of_c, true));
    CHECK(sweep("0", "2", of_c) == std::tuple(2, of_c, true));
    const auto [forgotten, swept_to, more] = sweep("0", "2", of_c);
    CHECK(forgotten == 1);
    CHECK(swept_to > of_c);
    CHECK_FALSE(more);
}
