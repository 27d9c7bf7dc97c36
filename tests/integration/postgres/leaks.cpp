// What one write does in its transaction, no other write sees: each as if it were alone.
#include "company.hpp"

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;
using row = std::vector<std::optional<std::string>>;

namespace {

/// A node that leads over a database of its own, with a function or table that the case wants.
class stage {
public:
    explicit stage(const std::string& wanted = {}) : name(fresh_database()), node(shared_server().conninfo(name)) {
        if (!wanted.empty()) shared_server().exec(wanted, name);
        node.lead(1);
        node.learn(increment());
        shared_server().exec("UPDATE counter SET n = 0", name);
    }

    /// Sent together, behind one that makes the lane busy.
    std::vector<std::string> together(const std::vector<std::vector<std::string>>& writes) {
        std::vector<std::size_t> tickets;
        for (const auto& each : writes) tickets.push_back(send(each));
        std::vector<std::string> outcomes;
        for (const auto ticket : tickets) outcomes.push_back(outcome_of(node.answer(ticket)));
        return outcomes;
    }
    std::size_t send(const std::vector<std::string>& statements) {
        return node.send(writing("w-" + std::to_string(++count_), statements));
    }
    std::string value(const std::string& sql) const { return one_value(name, sql); }

    std::string name;
    node_view node;

private:
    int count_ = 0;
};

}  // namespace

TEST_CASE("settings that a function makes in its transaction reach no other write") {
    stage on(
        "CREATE FUNCTION sets() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET LOCAL synchronous_commit = off; "
        "SET LOCAL search_path = pg_catalog; SET LOCAL client_encoding = 'LATIN1'; SET LOCAL DateStyle = 'German'; "
        "END $$; CREATE TABLE seen (id serial, note text, day date, sync text DEFAULT "
        "current_setting('synchronous_commit'))");
    for (int round = 0; round < 10; ++round) {
        const auto outcomes = on.together({{"SELECT sets()"},
                                           {"INSERT INTO seen (note, day) VALUES ('é', '2026-02-03')"},
                                           {"SELECT sets()"},
                                           {"INSERT INTO seen (note, day) VALUES ('é', '2026-02-03')"}});
        CHECK(outcomes == std::vector(4, committed));
    }
    CHECK(on.value("SELECT count(*) FROM seen WHERE note = 'é' AND day = '2026-02-03' AND sync = 'on'") == "20");
    const auto& seen = on.node.answer(on.send({"SELECT note, day FROM seen LIMIT 1"}));
    CHECK(seen.receipt.statements.at(0).rows.at(0) == row{"é", "2026-02-03"});
}

TEST_CASE("a write's own time zone holds for itself only") {
    stage on("CREATE TABLE moments (id serial, zone text, at timestamptz)");
    const std::string insert =
        "INSERT INTO moments (zone, at) VALUES (current_setting('TimeZone'), '2026-01-01 12:00')";
    for (int round = 0; round < 10; ++round) {
        const auto outcomes = on.together(
            {{"SET LOCAL TIME ZONE 'Asia/Tokyo'", insert}, {insert}, {insert}, {"SET LOCAL TIME ZONE 'UTC'", insert}});
        CHECK(outcomes == std::vector(4, committed));
    }
    CHECK(on.value("SELECT count(*) FROM moments WHERE at <> '2026-01-01 12:00'::timestamp AT TIME ZONE zone") == "0");
    CHECK(on.value("SELECT count(*) FROM moments WHERE zone = 'Asia/Tokyo'") == "10");
    CHECK(on.value("SELECT count(*) FROM moments") == "40");
}

TEST_CASE("functions that make temporary tables share no names") {
    stage on(
        "CREATE TABLE done (id serial); CREATE FUNCTION works() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP "
        "TABLE work (id int) ON COMMIT "
        "DROP; "
        "INSERT INTO work VALUES (1); INSERT INTO done DEFAULT VALUES; RETURN 1; END $$");
    std::vector<std::vector<std::string>> calls(4, {"SELECT works()"});
    CHECK(on.together(calls) == std::vector(4, committed));
}

TEST_CASE("a temporary table takes no other write's rows") {
    stage on;
    const auto outcomes = on.together({{"DO $$ BEGIN CREATE TEMP TABLE counter (id int, n int); END $$"},
                                       {"UPDATE counter SET n = n + 1 WHERE id = 1"},
                                       {"DO $$ BEGIN CREATE TEMP TABLE counter (id int, n int); END $$"},
                                       {"UPDATE counter SET n = n + 1 WHERE id = 1"}});
    CHECK(outcomes == std::vector(4, committed));
    CHECK(on.value("SELECT n FROM public.counter") == "2");
}

TEST_CASE("changes of the schema are not refused for what others did before") {
    stage on(
        "CREATE TABLE child (id int, parent int REFERENCES entries DEFERRABLE INITIALLY DEFERRED); "
        "INSERT INTO entries VALUES (1, 'x'); CREATE TABLE spare (id int)");
    const auto outcomes = on.together({{"INSERT INTO child VALUES (1, 1)"},
                                       {"CREATE INDEX ON child (parent)"},
                                       {"INSERT INTO child VALUES (2, 1)"},
                                       {"ALTER TABLE child ADD COLUMN more int"},
                                       {"INSERT INTO child (id, parent) VALUES (3, 1)"},
                                       {"TRUNCATE child"},
                                       {"DROP TABLE spare"}});
    CHECK(outcomes == std::vector(7, committed));
}

TEST_CASE("a transaction's number is a version of its own write") {
    stage on;
    on.node.learn(writing({}, {"UPDATE counter SET n = n * 10 + 1 WHERE id = 1"}));
    for (int round = 0; round < 10; ++round) {
        shared_server().exec("UPDATE counter SET n = 1", on.name);
        const auto mine = on.send({"UPDATE counter SET n = n * 10 + 1 WHERE id = 1 RETURNING xmin::text, n"});
        const auto other = on.send({"UPDATE counter SET n = n * 10 + 2 WHERE id = 1"});
        const auto seen = on.node.answer(mine).receipt.statements.at(0).rows.at(0);
        REQUIRE(outcome_of(on.node.answer(other)) == committed);
        const bool other_was_later = on.value("SELECT n FROM counter") == "112";
        const auto& late = on.node.answer(
            on.send({"UPDATE counter SET n = 0 WHERE id = 1 AND xmin = '" + seen.at(0).value() + "'::xid"}));
        CHECK(late.receipt.statements.at(0).rows_affected == (other_was_later ? 0U : 1U));
    }
}

TEST_CASE("equal notifications of several writes are several") {
    stage on;
    pqxx::connection listening(shared_server().conninfo(on.name));
    struct counting : pqxx::notification_receiver {
        explicit counting(pqxx::connection_base& of) : pqxx::notification_receiver(of, "told") {}
        void operator()(const std::string&, int) override { ++count; }
        int count = 0;
    } received(listening);
    CHECK(on.together({3, {"SELECT pg_notify('told', 'the same')"}}) == std::vector(3, committed));
    CHECK(eventually([&] {
        listening.get_notifs();
        return received.count >= 3;
    }));
    CHECK(received.count == 3);
}

TEST_CASE("a key by the transaction's time is each write's own") {
    stage on("CREATE TABLE readings (device int, at timestamptz DEFAULT now(), PRIMARY KEY (device, at))");
    on.node.learn(writing({}, {"INSERT INTO readings (device) VALUES (1)"}));
    shared_server().exec("TRUNCATE readings", on.name);
    // Two that begin in the same microsecond clash without us too.
    std::ptrdiff_t kept = 0;
    for (int round = 0; round < 10; ++round) {
        const auto outcomes = on.together({3, {"INSERT INTO readings (device) VALUES (1)"}});
        kept += std::ranges::count(outcomes, committed);
    }
    CHECK(kept >= 27);
    CHECK(on.value("SELECT count(*) FROM readings") == std::to_string(kept));
}

TEST_CASE("deferred constraints are each write's own") {
    stage on("CREATE TABLE child (id int, parent int REFERENCES entries DEFERRABLE INITIALLY DEFERRED)");
    for (int round = 0; round < 10; ++round) {
        const auto key = std::to_string(round);
        const auto child = on.send({"INSERT INTO child VALUES (1, " + key + ")"});
        const auto parent = on.send({"INSERT INTO entries VALUES (" + key + ", 'x')"});
        const auto& late = on.node.answer(parent);
        REQUIRE(outcome_of(late) == committed);
        const auto& early = on.node.answer(child);
        INFO(outcome_of(early));
        CHECK(
            (outcome_of(early) == "23503" || (outcome_of(early) == committed && early.receipt.lsn > late.receipt.lsn)));
    }
}

TEST_CASE("session state of one write is gone for the next") {
    stage on(
        "CREATE SEQUENCE numbers; CREATE FUNCTION sneaky() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM set_config('search_path', 'nowhere', false); PERFORM set_config('app.tenant', 'seven', false); "
        "PERFORM pg_advisory_lock(42); EXECUTE 'LISTEN x'; EXECUTE 'CREATE TEMP TABLE left_over (id int)'; "
        "PERFORM nextval('public.numbers'); EXECUTE 'PREPARE left_behind AS SELECT 1'; END $$");
    for (int i = 0; i < 10; ++i) CHECK(outcome_of(on.node.answer(on.send({"SELECT sneaky()"}))) == committed);
    for (int i = 0; i < 10; ++i) {
        const auto& seen = on.node.answer(on.send(
            {"SELECT current_setting('search_path'), coalesce(current_setting('app.tenant', true), ''), "
             "to_regclass('pg_temp.left_over'), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = "
             "pg_backend_pid()), (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM "
             "pg_prepared_statements WHERE name = 'left_behind')"}));
        REQUIRE(outcome_of(seen) == committed);
        CHECK(seen.receipt.statements.at(0).rows.at(0) == row{"\"$user\", public", "", std::nullopt, "0", "0", "0"});
        CHECK(outcome_of(on.node.answer(on.send({"SELECT lastval()"}))) == alone(on.name, {"SELECT lastval()"}));
        CHECK(outcome_of(on.node.answer(on.send({"SELECT currval('numbers')"}))) ==
              alone(on.name, {"SELECT currval('numbers')"}));
    }
}

TEST_CASE("a session in which nothing can have been left is not cleaned, and one that was set is") {
    stage on("CREATE FUNCTION sets() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$");
    const std::string last =
        "SELECT coalesce((SELECT query FROM pg_stat_activity WHERE datname = current_database() AND application_name "
        "LIKE "
        "'penholder session%' ORDER BY query_start DESC LIMIT 1), '')";
    const std::string harmless = "UPDATE counter SET n = n + 1 RETURNING xmin, sets()";
    const auto outcome = [&] { return outcome_of(on.node.answer(on.send({harmless}))); };
    const auto is_known = [&] { return on.value(last) == "SELECT pg_catalog.pg_current_wal_lsn()"; };
    on.node.run_until([&] { return outcome() == committed && is_known(); });
    CHECK(outcome() == committed);
    CHECK(is_known());
    shared_server().exec(
        "CREATE OR REPLACE FUNCTION sets() RETURNS text LANGUAGE sql AS "
        "$$ SELECT set_config('application_name', 'kept', false) $$",
        on.name);
    CHECK(outcome() == committed);
    const auto kept = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'kept'";
    on.node.run_until([&] { return on.value(kept) == "0"; });
}

TEST_CASE("no write is told of a sequence that an earlier one used in a session that was not cleaned") {
    stage on("CREATE TABLE numbered (id serial, v text)");
    const auto outcome = [&](const std::string& sql) { return outcome_of(on.node.answer(on.send({sql}))); };
    const auto sessions = [&] { return on.node.lane->counters().sessions_open; };
    for (const auto* told : {"SELECT lastval()", "SELECT currval('numbered_id_seq')"}) {
        for (int times = 0; times < 20 || sessions() == 0; ++times) {
            REQUIRE(outcome("INSERT INTO numbered (v) VALUES ('x') RETURNING xmin") == committed);
        }
        CHECK(outcome(told) == alone(on.name, {told}));
    }
}

TEST_CASE("what code leaves that is not looked into is gone with its session") {
    stage on(
        "CREATE FUNCTION context() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.actor', 'bob', "
        "true); PERFORM setseed(0.25); RETURN 1; END $$; CREATE TABLE watched (id int); CREATE TABLE guarded (id int); "
        "CREATE TABLE ruled (id int); CREATE TABLE rules (id int); CREATE FUNCTION watch() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN PERFORM context(); RETURN NEW; EXCEPTION WHEN division_by_zero THEN RETURN NEW; END $$; "
        "CREATE TRIGGER watch BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION watch(); CREATE RULE also AS ON "
        "INSERT TO ruled DO ALSO INSERT INTO rules VALUES (context()); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; "
        "ALTER TABLE guarded FORCE ROW LEVEL SECURITY; CREATE POLICY context ON guarded USING (context() = 1)");
    const std::string told = "SELECT coalesce(current_setting('app.actor', true), 'unknown'), txid_current() > 0";
    for (const auto* sets : {"INSERT INTO watched VALUES (1)", "INSERT INTO ruled VALUES (1)",
                             "SELECT count(*) FROM guarded", "INSERT INTO guarded VALUES (1)"}) {
        for (int times = 0; times < 6; ++times) {
            REQUIRE(outcome_of(on.node.answer(on.send({sets}))) == committed);
            const auto& seen = on.node.answer(on.send({told}));
            REQUIRE(outcome_of(seen) == committed);
            CHECK(seen.receipt.statements.at(0).rows.at(0) == row{"unknown", "t"});
        }
    }
}

TEST_CASE("statements are judged under the settings of roles and databases that new connections have") {
    stage on(
        "CREATE SCHEMA other; CREATE FUNCTION public.what(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END "
        "$$; CREATE FUNCTION other.what(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM "
        "set_config('TimeZone', 'Asia/Tokyo', false); RETURN -$1; END $$; CREATE TABLE moments (at timestamptz)");
    const auto told = [&](const std::string& sql) {
        const auto& seen = on.node.answer(on.send({sql}));
        REQUIRE(outcome_of(seen) == committed);
        return seen.receipt.statements.at(0).rows.at(0).at(0);
    };
    CHECK(told("SELECT what(7)") == "7");
    on.node.learn(writing({}, {"INSERT INTO moments VALUES ('2026-01-01 00:00') RETURNING at"}));
    shared_server().exec("ALTER DATABASE " + on.name + " SET search_path = other, public", on.name);
    shared_server().exec("SELECT penholder.tend_catalogue()", on.name);
    on.node.run_until([&] { return told("SELECT what(7)") == "-7"; });
    pqxx::connection fresh(shared_server().conninfo(on.name));
    const auto right = pqxx::nontransaction(fresh).exec1("SELECT timestamptz '2026-01-01 00:00'")[0].as<std::string>();
    for (int times = 0; times < 20; ++times) {
        CHECK(told("SELECT what(7)") == "-7");
        CHECK(told("INSERT INTO moments VALUES ('2026-01-01 00:00') RETURNING at") == right);
    }
}

TEST_CASE("no write reaches the statements that are kept for others") {
    stage on;
    const auto deallocate = "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$";
    std::string prepare = "DO $$ BEGIN ";
    for (int i = 1; i <= 40; ++i) {
        prepare += "BEGIN EXECUTE 'PREPARE penholder_" + std::to_string(i) +
                   " AS SELECT 1'; EXCEPTION WHEN duplicate_prepared_statement THEN NULL; END; ";
    }
    prepare += "END $$";
    for (int round = 0; round < 5; ++round) {
        const auto outcomes = on.together({{deallocate},
                                           {"UPDATE counter SET n = n + 1 WHERE id = 1"},
                                           {prepare},
                                           {"UPDATE counter SET n = n + 1 WHERE id = 1"}});
        CHECK(outcomes == std::vector(4, committed));
    }
    CHECK(on.value("SELECT n FROM counter") == "10");
    node_view successor(shared_server().conninfo(on.name));
    successor.lead(2, "node-2");
    CHECK(on.node.answer(on.send({"UPDATE counter SET n = n + 1 WHERE id = 1"})).why == errc::not_leader);
    CHECK(on.value("SELECT n FROM counter") == "10");
}
