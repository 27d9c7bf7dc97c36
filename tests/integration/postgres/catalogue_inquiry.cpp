#include "postgres/catalogue_inquiry.hpp"

#include "catalogue_schema.hpp"
#include "postgres/raw_connection.hpp"
#include "support/postgres_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace penholder;
using namespace penholder::testing;

namespace {

struct database_of_all {
    database_of_all() : connection(make()) {}

    static std::string make() {
        static postgres_server server;
        static const bool is_made = [] {
            server.create_database("catalogue");
            server.exec(catalogue_schema, "catalogue");
            return true;
        }();
        REQUIRE(is_made);
        return server.conninfo("catalogue");
    }

    postgres::raw_connection connection;
};

sql::plainness ask(const std::string& sql, const sql::judging_rules& rules = {}) {
    static database_of_all all;
    const auto found = postgres::inquire(all.connection, sql, rules);
    INFO(sql << ": " << (found ? std::string() : found.error().message));
    REQUIRE(found.has_value());
    CHECK(found->as_of.value == 7);
    return found->plainness;
}

struct expectation {
    std::string sql;
    const char* found;  ///< "plain", or why not.
    std::vector<std::string> stamped = {};
};

void check_all(const std::vector<expectation>& all) {
    for (const auto& each : all) {
        const auto known = ask(each.sql);
        INFO(each.sql << ": " << known.detail);
        CHECK((known.plain ? "plain" : known.why_not) == each.found);
        CHECK(known.stamped_tables == each.stamped);
    }
}

}  // namespace

TEST_CASE("what only PostgreSQL's own harmless code runs for is plain") {
    check_all({
        {"INSERT INTO plain (id, n, note) VALUES ($1, $2, $3)", "plain"},
        {"INSERT INTO plain VALUES (1, 2.5, 'x', '2026-01-01', '{a,b}', '{\"a\": 1}') RETURNING *", "plain"},
        {"UPDATE plain SET n = n - $1 WHERE id = $2", "plain"},
        {"DELETE FROM plain WHERE at < now() - interval '1 day'", "plain"},
        {"SELECT * FROM plain WHERE id = ANY ($1) ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED", "plain"},
        {"INSERT INTO plain (id, n) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET n = plain.n + excluded.n", "plain"},
        {"MERGE INTO plain p USING (VALUES ($1::int)) v (id) ON p.id = v.id WHEN MATCHED THEN UPDATE SET n = 1 "
         "WHEN NOT MATCHED THEN INSERT (id) VALUES (v.id)",
         "plain"},
        {"WITH moved AS (DELETE FROM plain RETURNING *) INSERT INTO audit (what, id) SELECT note, id FROM moved",
         "plain"},
        {"INSERT INTO serial DEFAULT VALUES RETURNING id", "plain"},
        {"INSERT INTO identity (n) VALUES ($1) RETURNING id, twice", "plain"},
        {"INSERT INTO dated (device) VALUES ($1)", "plain"},
        {"SELECT tableoid::regclass, count(*), string_agg(note, ',' ORDER BY note) FROM plain GROUP BY 1", "plain"},
        {"SELECT nextval('serial_id_seq'), random(), clock_timestamp(), current_user", "plain"},
        {"SELECT jsonb_set(doc, '{a}', '1'), doc ->> 'b', to_jsonb(plain) FROM plain", "plain"},
        {"SELECT rank() OVER (PARTITION BY note ORDER BY n) FROM plain", "plain"},
        {"VALUES (1), (2)", "plain"},
        {"TABLE plain", "plain"},
        {"SELECT * FROM chosen", "plain"},
        {"UPDATE chosen SET n = 1 WHERE id = 2", "plain"},
        {"SELECT * FROM kept", "plain"},
        {"INSERT INTO child VALUES ($1, $2)", "plain"},
        {"DELETE FROM child WHERE id = $1", "volatile_function"},
        {"INSERT INTO excluded VALUES ('[1,2)')", "plain"},
        {"INSERT INTO parted VALUES ($1, $2)", "plain"},
        {"INSERT INTO part_1 VALUES ($1, $2)", "plain"},
        {"UPDATE parted SET id = id + 1", "plain"},
        {"INSERT INTO typed VALUES ('good', 1, '[1,2)', '{bad}')", "plain"},
        {"INSERT INTO idle_trigger VALUES (1)", "plain"},
        {"UPDATE redundant SET n = 1", "plain"},
        {"SELECT age(at), to_tsvector('english', note), extract(year FROM at) FROM plain", "plain"},
    });
}

TEST_CASE("code that only computes and runs plain statements is plain") {
    check_all({
        {"SELECT harmless_sql(1), harmless_atomic(2), computes(3)", "plain"},
        {"INSERT INTO audited VALUES ($1, $2)", "plain"},
        {"UPDATE audited SET n = $1", "plain"},
        {"INSERT INTO touched VALUES (1, 2)", "plain"},
        {"INSERT INTO touched_both VALUES (1, 2)", "plain"},
        {"SELECT writes(1)", "plain", {"public.plain"}},
    });
}

TEST_CASE("changed rows with the transaction's time in them stamp their table") {
    check_all({
        {"UPDATE touched SET n = n + 1 WHERE id = $1", "plain", {"public.touched"}},
        {"UPDATE touched_both SET n = n + 1 WHERE id = $1", "plain", {"public.touched_both"}},
        {"UPDATE plain SET at = now()", "plain", {"public.plain"}},
        {"UPDATE plain SET at = CURRENT_TIMESTAMP + interval '1 h'", "plain", {"public.plain"}},
        {"UPDATE plain SET at = my_now()", "plain", {"public.plain"}},
        {"UPDATE plain SET at = given_now()", "plain", {"public.plain"}},
        {"UPDATE plain SET at = $1", "plain"},
        {"UPDATE plain SET n = 1 WHERE at < now()", "plain"},
        {"UPDATE plain SET at = x.at FROM (SELECT now() AS at) x", "plain", {"public.plain"}},
        {"UPDATE plain SET at = (SELECT t FROM clock)", "plain", {"public.plain"}},
        {"UPDATE plain SET at = c.t FROM clock c", "plain", {"public.plain"}},
        {"WITH c AS (SELECT t FROM clock) UPDATE plain SET at = c.t FROM c", "plain", {"public.plain"}},
        {"UPDATE plain SET at = note::timestamptz", "plain", {"public.plain"}},
        {"UPDATE chosen SET n = extract(epoch FROM now())", "plain", {"public.plain"}},
        {"UPDATE plain SET at = clock_timestamp()", "plain"},
        {"INSERT INTO plain (id, at) VALUES ($1, now())", "plain"},
        {"INSERT INTO plain (id, at) VALUES ($1, now()) ON CONFLICT (id) DO UPDATE SET n = 1", "plain"},
        {"INSERT INTO plain (id, at) VALUES ($1, now()) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
         "plain",
         {"public.plain"}},
        {"INSERT INTO serial (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET created = excluded.created",
         "plain",
         {"public.serial"}},
        {"INSERT INTO serial (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET token = excluded.token",
         "plain",
         {"public.serial"}},
        {"UPDATE serial SET created = DEFAULT", "plain", {"public.serial"}},
        {"UPDATE domain_dated SET at = DEFAULT WHERE id = $1", "plain", {"public.domain_dated"}},
        {"UPDATE plain SET at = (jsonb_populate_record(NULL::plain, doc)).at", "plain", {"public.plain"}},
        {"UPDATE parted SET n = extract(epoch FROM now())",
         "plain",
         {"public.part_1", "public.part_2", "public.parted"}},
        {"MERGE INTO plain p USING (VALUES (1)) v (id) ON p.id = v.id WHEN MATCHED THEN UPDATE SET at = now()",
         "plain",
         {"public.plain"}},
        {"DELETE FROM plain WHERE at < now()", "plain"},
    });
    const sql::judging_rules declared{{}, {"public.touched.updated_at", "public.plain.at"}};
    CHECK(ask("UPDATE touched SET n = 1", declared).stamped_tables.empty());
    CHECK(ask("UPDATE plain SET at = now()", declared).stamped_tables.empty());
    CHECK(ask("UPDATE plain SET note = now()::text", declared).stamped_tables ==
          std::vector<std::string>{"public.plain"});
}

TEST_CASE("the transaction's time stamps a table also where a new row carries it there") {
    const std::string insert = "WITH e AS (INSERT INTO serial (id) VALUES ($1) RETURNING *) ";
    check_all({
        {insert + "UPDATE plain SET at = e.created FROM e", "plain", {"public.plain"}},
        {insert + "UPDATE plain SET note = e.created::text FROM e", "plain", {"public.plain"}},
        {insert + "UPDATE plain SET n = e.id FROM e", "plain"},
        {insert + "UPDATE plain SET at = $2", "plain"},
        {insert + "UPDATE plain SET at = at + interval '1 h'", "plain"},
        {"SELECT carries(1)", "plain", {"public.plain"}},
        {"INSERT INTO noted (id) VALUES ($1)", "plain", {"public.plain"}},
        {"INSERT INTO counted (id, n) VALUES ($1, $2)", "plain"},
    });
}

TEST_CASE("a statement that inserts rows with the transaction's time says into which tables") {
    const std::vector<std::string> none;
    CHECK(ask("INSERT INTO plain (id, n) VALUES ($1, $2)").new_stamped_tables == none);
    CHECK(ask("INSERT INTO plain (id, at) VALUES ($1, now())").new_stamped_tables ==
          std::vector<std::string>{"public.plain"});
    CHECK(ask("INSERT INTO plain (id, at) SELECT $1, t FROM clock").new_stamped_tables ==
          std::vector<std::string>{"public.plain"});
    CHECK(ask("INSERT INTO serial (id) VALUES ($1)").new_stamped_tables == std::vector<std::string>{"public.serial"});
    CHECK(ask("INSERT INTO domain_dated (id) VALUES ($1)").new_stamped_tables ==
          std::vector<std::string>{"public.domain_dated"});
    CHECK(ask("UPDATE plain SET at = now()").new_stamped_tables == none);
}

TEST_CASE("a statement that deletes rows says from which tables, also through cascades and partitions") {
    using tables = std::vector<std::string>;
    CHECK(ask("UPDATE plain SET n = 1").deleted_tables.empty());
    CHECK(ask("DELETE FROM plain WHERE id = $1").deleted_tables == tables{"public.plain"});
    CHECK(ask("WITH d AS (DELETE FROM serial WHERE id = $1 RETURNING id) INSERT INTO serial (id) SELECT id FROM d")
              .deleted_tables == tables{"public.serial"});
    CHECK(ask("DELETE FROM parted").deleted_tables == tables{"public.part_1", "public.part_2", "public.parted"});
}

TEST_CASE("where plpgsql.variable_conflict is set, no function in PL/pgSQL is plain") {
    REQUIRE(ask("SELECT computes(1)").plain);
    postgres::raw_connection other(database_of_all::make() + " options='-c plpgsql.variable_conflict=use_variable'");
    const auto set = postgres::inquire(other, "SELECT computes(1)", {});
    REQUIRE(set.has_value());
    CHECK_FALSE(set->plainness.plain);
    CHECK(set->plainness.why_not == "user_function");
}

TEST_CASE("what tells others in the transaction apart, or leaves something, is not plain") {
    check_all({
        {"SELECT xmin FROM plain", "system_column"},
        {"UPDATE plain SET n = 1 WHERE xmin = $1", "system_column"},
        {"SELECT ctid FROM plain", "system_column"},
        {"INSERT INTO plain (id) VALUES (1) RETURNING xmax", "system_column"},
        {"SELECT array_in('{1}', $1::int4::oid, -1)", "volatile_function"},
        {"SELECT subscripts('{1}')", "user_function"},
        {"SELECT hides(1)", "user_function"},
        {"SELECT txid_current()", "transaction_id"},
        {"SELECT pg_current_xact_id()", "transaction_id"},
        {"SELECT age(xmin) FROM plain", "system_column"},
        {"SELECT pg_current_snapshot()", "transaction_id"},
        {"SELECT pg_notify('c', 'x')", "volatile_function"},
        {"SELECT set_config('a.b', 'c', true)", "setting"},
        {"SELECT current_setting('a.b', true)", "setting"},
        {"SELECT setseed(0.5)", "setting"},
        {"SELECT currval('serial_id_seq')", "session_state"},
        {"SELECT lastval()", "session_state"},
        {"SELECT setval('serial_id_seq', 1)", "session_state"},
        {"SELECT pg_advisory_xact_lock(1)", "volatile_function"},
        {"SELECT pg_sleep(1)", "volatile_function"},
        {"SELECT pg_terminate_backend(pg_backend_pid())", "session_state"},
        {"SELECT query_to_xml($1, true, true, '')", "volatile_function"},
        {"SELECT table_to_xml('plain', true, true, '')", "volatile_function"},
        {"SELECT lo_create(0)", "volatile_function"},
        {"SELECT pg_export_snapshot()", "transaction_id"},
        {"UPDATE plain SET at = 'now'", "relative_time"},
        {"SELECT 'tomorrow'::date", "relative_time"},
        {"SELECT 'postgres'::regrole", "refused"},
        {"SELECT * FROM pg_class", "catalogue_table"},
        {"SELECT * FROM information_schema.tables", "catalogue_table"},
        {"SELECT last_value FROM serial_id_seq", "session_state"},
        {"SELECT * FROM far", "foreign_table"},
    });
}

TEST_CASE("code of the user's that may do more is not plain") {
    check_all({
        {"SELECT volatile_sql()", "session_state"},
        {"SELECT sets_path()", "user_function"},
        {"SELECT sets_config()", "setting"},
        {"SELECT makes_table()", "user_function"},
        {"SELECT runs_text('x')", "user_function"},
        {"SELECT catches()", "user_function"},
        {"SELECT with_setting()", "user_function"},
        {"SELECT as_owner()", "user_function"},
        {"SELECT old_now()", "plain"},
        {"SELECT with_default(1)", "session_state"},
        {"SELECT own_sum(id) FROM plain", "user_function"},
        {"SELECT calls_bad()", "user_function"},
        {"SELECT lower(1)", "volatile_function"},
        {"SELECT note + 1 FROM plain", "volatile_function"},
        {"INSERT INTO notified VALUES (1)", "volatile_function"},
        {"INSERT INTO tracked VALUES (1)", "transaction_id"},
        {"INSERT INTO odd_typed VALUES (1)", "volatile_function"},
        {"INSERT INTO pair_typed VALUES (NULL)", "volatile_function"},
        {"SELECT id FROM odd_index", "volatile_function"},
        {"INSERT INTO odd_check VALUES (1)", "volatile_function"},
        {"INSERT INTO odd_default (id) VALUES (1)", "session_state"},
        {"UPDATE odd_default SET id = 1", "plain"},
        {"SELECT $1::odd", "volatile_function"},
        {"INSERT INTO parted_notified VALUES (1)", "volatile_function"},
        {"SELECT * FROM base", "session_state"},
        {"SELECT * FROM ids", "session_state"},
    });
}

TEST_CASE("rules, row security and what is checked later are not plain") {
    check_all({
        {"INSERT INTO ruled VALUES (1)", "rule"},
        {"SELECT * FROM secret", "row_security"},
        {"SELECT * FROM secret_view", "row_security"},
        {"INSERT INTO lazy_child VALUES (1, 2)", "deferrable"},
        {"DELETE FROM lazy_parent", "deferrable"},
        {"INSERT INTO lazy_parent VALUES (1)", "plain"},
        {"UPDATE lazy_unique SET n = 1", "deferrable"},
        {"SELECT * FROM lazy_unique", "plain"},
        {"DELETE FROM parent", "volatile_function"},  // Through child to grandchild's trigger.
        {"UPDATE touched SET id = 2", "plain", {"public.touched"}},
    });
}

TEST_CASE("what PostgreSQL does not take is refused, constants apart") {
    CHECK(ask("SELECT nothing FROM plain").why_not == "refused");
    CHECK(ask("SELECT * FROM nowhere").why_not == "refused");
    CHECK(ask("SELECT $1").plain);
}

TEST_CASE("an operator vouches for a function") {
    CHECK(ask("INSERT INTO notified VALUES (1)", {{"public.notify_change"}, {}}).plain);
    CHECK(ask("SELECT note + 1 FROM plain", {{"public.plus"}, {}}).plain);
    CHECK_FALSE(ask("SELECT note + 1 FROM plain", {{"public.minus"}, {}}).plain);
}

TEST_CASE("PostgreSQL says how many parameters there are") {
    CHECK(ask("SELECT 1").parameters == 0);
    CHECK(ask("UPDATE plain SET n = $1 WHERE id = $2").parameters == 2);
    CHECK(ask("INSERT INTO plain (id, n) VALUES ($1, $2), ($3, $4)").parameters == 4);
}

TEST_CASE("what is left in a session can be cleaned unless code may do anything") {
    using enum sql::residue;
    CHECK(ask("UPDATE plain SET n = $1 RETURNING xmin").leaves == nothing);
    CHECK(ask("SELECT pg_current_xact_id()").leaves == nothing);
    CHECK(ask("SELECT * FROM secret").leaves == nothing);
    CHECK(ask("INSERT INTO tenants VALUES (1)").leaves == cleanable);
    CHECK(ask("SELECT * FROM tainted").leaves == unclean);
    CHECK(ask("UPDATE plain SET n = $1 RETURNING xmin, pg_advisory_lock(1)").leaves == cleanable);
    CHECK(ask("UPDATE plain SET n = $1 RETURNING xmin, set_config('a.b', 'c', false)").leaves == unclean);
    CHECK(ask("UPDATE plain SET n = $1").leaves == nothing);
    CHECK(ask("SELECT pg_advisory_xact_lock(1)").leaves == cleanable);
    CHECK(ask("INSERT INTO notified VALUES (1)").leaves == cleanable);
    CHECK(ask("SELECT makes_table()").leaves == unclean);
    CHECK(ask("SELECT set_config('a.b', 'c', true)").leaves == unclean);
    CHECK(ask("SELECT setseed(0.5)").leaves == unclean);
    CHECK(ask("SELECT sets_path()").leaves == unclean);
    CHECK(ask("SELECT sets_config()").leaves == unclean);
    CHECK(ask("SELECT calls_bad()").leaves == unclean);
    CHECK(ask("SELECT runs_text('x')").leaves == unclean);
    CHECK(ask("SELECT * FROM far").leaves == unclean);
}
