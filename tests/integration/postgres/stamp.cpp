// Every change of what statements mean changes the catalogue's stamp, by whomever and however it is made.
#include "databases.hpp"
#include "postgres/diagnosis.hpp"
#include "support/patience.hpp"

#include <algorithm>
#include <optional>
#include <thread>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;
using postgres::severity;

namespace {

std::string stamp(const std::string& database) {
    return one_value(database, "SELECT penholder.catalogue_stamp()");
}

/// What a check with this stamp raises; empty where it passes.
std::string check(const std::string& database, const std::string& expected) {
    try {
        shared_server().exec("SELECT penholder.check_catalogue(" + expected + ")", database);
        return {};
    } catch (const pqxx::sql_error& refused) {
        return refused.sqlstate();
    }
}

/// A database with one object of each kind that the cases change.
std::string furnished_database() {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE TABLE parts (id int, day date) PARTITION BY RANGE (id); "
        "CREATE TABLE part_1 (id int, day date); "
        "CREATE DOMAIN amount AS int; CREATE TYPE colour AS ENUM ('red'); "
        "CREATE FUNCTION tax(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; "
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
        "CREATE TRIGGER noting BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION noted(); "
        "CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS n FROM entries; CREATE UNIQUE INDEX ON sums (n)",
        name);
    return name;
}

}  // namespace

TEST_CASE("each change of the catalogue changes the stamp") {
    const auto name = furnished_database();
    std::vector<std::string> seen{stamp(name)};
    for (const auto* change : {
             "CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1'",
             "ALTER FUNCTION tax(int) VOLATILE",
             "ALTER TABLE entries ALTER note TYPE varchar(9)",
             "ALTER TABLE entries ADD COLUMN extra int",
             "ALTER TABLE entries ALTER extra SET DEFAULT tax(1)",
             "ALTER TABLE entries RENAME extra TO more",
             "ALTER TABLE parts ATTACH PARTITION part_1 FOR VALUES FROM (1) TO (9)",
             "CREATE TABLE part_2 PARTITION OF parts FOR VALUES FROM (9) TO (99)",
             "ALTER TABLE parts DETACH PARTITION part_2",
             "ALTER TABLE parts DETACH PARTITION part_1 CONCURRENTLY",
             "ALTER DOMAIN amount ADD CHECK (VALUE > 0)",
             "ALTER TYPE colour ADD VALUE 'blue'",
             "CREATE TRIGGER noting_2 BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION noted()",
             "ALTER TABLE entries DISABLE TRIGGER noting",
             "ALTER TRIGGER noting ON entries RENAME TO noting_1",
             "CREATE RULE twice AS ON INSERT TO part_1 DO ALSO SELECT 1",
             "CREATE POLICY mine ON entries USING (id > 0)",
             "ALTER TABLE entries ENABLE ROW LEVEL SECURITY",
             "ALTER POLICY mine ON entries USING (id > 1)",
             "CREATE INDEX entries_by_note ON entries (note)",
             "CREATE INDEX CONCURRENTLY entries_by_more ON entries (tax(more))",
             "CREATE SCHEMA other",
             "GRANT USAGE ON SCHEMA other TO PUBLIC",
             "ALTER FUNCTION tax(int) SET SCHEMA other",
             "CREATE CAST (colour AS amount) WITH INOUT AS ASSIGNMENT",
             "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
             "CREATE VIEW shown AS SELECT id FROM entries",
             "SELECT 1 AS one INTO made_by_select",
             "CREATE TABLE made_by_as AS SELECT 1 AS one",
             "CREATE EXTENSION pgcrypto",
             "DO $$ BEGIN EXECUTE 'CREATE TABLE made_inside (id int)'; END $$",
             "DROP EXTENSION pgcrypto",
             "DROP INDEX entries_by_note",
             "DROP RULE twice ON part_1",
             "DROP POLICY mine ON entries",
             "DROP TRIGGER noting_1 ON entries",
             "ALTER TABLE entries DROP COLUMN more",
             "DROP SCHEMA other CASCADE",
             "DROP TABLE made_by_as",
         }) {
        shared_server().exec(change, name);
        INFO(change);
        CHECK(check(name, seen.back()) == "PH002");
        CHECK(std::ranges::find(seen, stamp(name)) == seen.end());
        seen.push_back(stamp(name));
        CHECK(check(name, seen.back()).empty());
    }
}

TEST_CASE("what changes the meaning of no statement leaves the stamp") {
    const auto name = furnished_database();
    const auto before = stamp(name);
    REQUIRE(before != "0");
    for (const auto* change : {
             "CREATE TEMP TABLE t (id serial PRIMARY KEY, note text DEFAULT 'x' CHECK (note <> '')); "
             "CREATE INDEX ON t (note); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted(); "
             "CREATE RULE r AS ON DELETE TO t DO ALSO SELECT 1; ALTER TABLE t ADD COLUMN more int; "
             "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
             "CREATE TEMP VIEW v AS SELECT 1 AS one; ALTER TABLE t DROP COLUMN more; DROP TRIGGER g ON t; "
             "DROP RULE r ON t; DROP TABLE t; DROP VIEW v; DROP FUNCTION pg_temp.f()",
             "CREATE TEMP TABLE t AS SELECT 1 AS one",
             "BEGIN; CREATE TABLE undone (id int); ROLLBACK",
             "COMMENT ON TABLE entries IS 'told'",
             "REFRESH MATERIALIZED VIEW sums",
             "REFRESH MATERIALIZED VIEW CONCURRENTLY sums",
             "ANALYZE entries",
             "VACUUM entries",
             "REINDEX TABLE entries",
             "GRANT SELECT ON entries TO PUBLIC",
             "CREATE STATISTICS about ON id, note FROM entries",
             "TRUNCATE entries",
             "INSERT INTO entries VALUES (1, 'x')",
             "CREATE TABLE IF NOT EXISTS entries (id int)",
         }) {
        pqxx::connection own(shared_server().conninfo(name));
        pqxx::nontransaction(own).exec(change);
        INFO(change);
        CHECK(stamp(name) == before);
    }
}

TEST_CASE("changes that commit in another order than they were made, and changes that are folded, all show") {
    const auto name = fresh_database();
    pqxx::connection early_one(shared_server().conninfo(name));
    pqxx::work early(early_one);
    early.exec("CREATE TABLE early (id int)");
    const auto before = stamp(name);
    shared_server().exec("CREATE TABLE late (id int)", name);
    const auto between = stamp(name);
    CHECK(between != before);
    early.commit();
    const auto after = stamp(name);
    CHECK(after != between);
    for (int i = 0; i < 20; ++i) shared_server().exec("CREATE TABLE many_" + std::to_string(i) + " (id int)", name);
    const auto many = stamp(name);
    shared_server().exec("SELECT penholder.tend_catalogue()", name);
    CHECK(one_value(name, "SELECT count(*) FROM penholder.catalogue") == "1");
    CHECK(stamp(name) == many);
}

TEST_CASE("an index that is built concurrently is noticed before its expressions run") {
    const auto name = fresh_database();
    const auto before = stamp(name);
    pqxx::connection holding_one(shared_server().conninfo(name));
    std::optional<pqxx::work> holding(std::in_place, holding_one);
    holding->exec("INSERT INTO entries VALUES (1, 'x')");
    std::thread building([&] { shared_server().exec("CREATE INDEX CONCURRENTLY late ON entries (note)", name); });
    CHECK(eventually([&] { return stamp(name) != before; }));
    CHECK(one_value(name, "SELECT indisready FROM pg_index WHERE indexrelid = 'late'::regclass") == "f");
    const auto begun = stamp(name);
    holding->commit();
    building.join();
    CHECK(stamp(name) != begun);
}

TEST_CASE("a role without any right in schema penholder changes the catalogue, and the stamp") {
    const auto name = fresh_database();
    shared_server().exec("CREATE ROLE stamp_maker LOGIN; GRANT CREATE ON SCHEMA public TO stamp_maker", name);
    const auto before = stamp(name);
    pqxx::connection own(shared_server().conninfo(name) + " user=stamp_maker");
    pqxx::nontransaction work(own);
    work.exec("CREATE TABLE his (id int)");
    const auto between = stamp(name);
    CHECK(between != before);
    work.exec("DROP OWNED BY stamp_maker");
    CHECK(stamp(name) != between);
    CHECK_THROWS_AS(work.exec("INSERT INTO penholder.catalogue VALUES (1)"), pqxx::insufficient_privilege);
    shared_server().exec("DROP OWNED BY stamp_maker; DROP ROLE stamp_maker", name);
}

TEST_CASE("changes are noticed from sessions that replicate, and two at once do not wait for each other") {
    const auto name = fresh_database();
    const auto before = stamp(name);
    pqxx::connection one(shared_server().conninfo(name) + " options='-c session_replication_role=replica'");
    pqxx::connection other(shared_server().conninfo(name) + " options='-c lock_timeout=1ms'");
    pqxx::work first(one);
    first.exec("CREATE TABLE first (id int)");
    pqxx::work second(other);
    second.exec("CREATE TABLE second (id int)");
    second.commit();
    const auto between = stamp(name);
    first.commit();
    CHECK(between != before);
    CHECK(stamp(name) != between);
}

TEST_CASE("how the server's configuration has literals read is taken up by the next sweep") {
    postgres_server server;
    REQUIRE(postgres::init_schema(server.conninfo()).has_value());
    const auto swept = [&] {
        server.exec("SELECT penholder.tend_catalogue()");
        return server.exec("SELECT penholder.catalogue_stamp()")[0][0].as<std::string>();
    };
    auto before = swept();
    CHECK(swept() == before);
    for (const std::string change :
         {"TimeZone = 'Asia/Tokyo'", "DateStyle = 'ISO, DMY'", "IntervalStyle = 'iso_8601'"}) {
        server.exec("ALTER SYSTEM SET " + change);
        server.restart();
        const auto after = swept();
        INFO(change);
        CHECK(after != before);
        before = after;
    }
}

TEST_CASE("settings of roles and databases are taken up by the next sweep") {
    const auto name = fresh_database();
    const auto sweep = [&] { shared_server().exec("SELECT penholder.tend_catalogue()", name); };
    sweep();
    auto before = stamp(name);
    sweep();
    CHECK(stamp(name) == before);
    for (const auto& change : {"ALTER DATABASE " + name + " SET timezone = 'Asia/Tokyo'",
                               "ALTER DATABASE " + name + " SET timezone = 'Asia/Seoul'",
                               "ALTER ROLE postgres IN DATABASE " + name + " SET datestyle = 'SQL'",
                               "ALTER DATABASE " + name + " RESET ALL"}) {
        shared_server().exec(change, name);
        sweep();
        INFO(change);
        CHECK(stamp(name) != before);
        before = stamp(name);
    }
}

TEST_CASE("without its event triggers there is no stamp, and who switches one off and on again changes it") {
    const auto name = fresh_database();
    const auto before = stamp(name);
    shared_server().exec("ALTER EVENT TRIGGER penholder_catalogue_end DISABLE", name);
    CHECK(stamp(name) == "0");
    CHECK(check(name, before) == "PH002");
    const auto found = postgres::diagnose(shared_server().conninfo(name));
    CHECK(std::ranges::any_of(found, [](const auto& one) {
        return one.subject == "catalogue" && one.severity == severity::warning &&
               one.advice.find("penholder init") != std::string::npos;
    }));
    shared_server().exec("ALTER EVENT TRIGGER penholder_catalogue_end ENABLE ALWAYS", name);
    CHECK(stamp(name) != "0");
    CHECK(check(name, before) == "PH002");
    shared_server().exec("DROP EVENT TRIGGER penholder_catalogue_drop", name);
    CHECK(stamp(name) == "0");
    const auto again = postgres::init_schema(shared_server().conninfo(name));
    REQUIRE(again.has_value());
    CHECK(again->unwatched.empty());
    CHECK(stamp(name) != "0");
}

TEST_CASE("schema penholder can be dropped, with all that belongs to it") {
    const auto name = fresh_database();
    shared_server().exec("DROP SCHEMA penholder CASCADE", name);
    CHECK(one_value(name, "SELECT count(*) FROM pg_event_trigger") == "0");
    shared_server().exec("CREATE TABLE afterwards (id int)", name);
    const auto again = postgres::init_schema(shared_server().conninfo(name));
    REQUIRE(again.has_value());
    CHECK(again->unwatched.empty());
}
