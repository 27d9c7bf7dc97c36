// A committed receipt means that every statement ran as it was given, whatever was known of it before.
#include "company.hpp"

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;

namespace {

penholder::write with(std::string id, std::string sql, std::vector<parameter> params) {
    penholder::write made(std::move(id));
    made.add(statement(std::move(sql), std::move(params)));
    return made;
}

}  // namespace

TEST_CASE("a statement with very many parameters runs whole or is refused") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    for (const int count : {65535, 65536}) {
        std::string sql = "INSERT INTO entries (id) VALUES ($1)";
        std::vector<parameter> params{parameter("1")};
        for (int i = 2; i <= count; ++i) {
            sql += ",($" + std::to_string(i) + ")";
            params.emplace_back(std::to_string(i));
        }
        shared_server().exec("TRUNCATE entries", name);
        const auto& given = node.answer(
            node.send_given(static_cast<std::uint64_t>(count), with({}, std::move(sql), std::move(params)), {}, 20s));
        const bool whole = given.receipt.outcome == outcome::committed && given.verdict == write_verdict::decided;
        CHECK(whole == (count == 65535));
        CHECK(one_value(name, "SELECT count(*) FROM entries") == (whole ? "65535" : "0"));
    }
}

TEST_CASE("a missing parameter is filled with nothing") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    node.learn(with({}, "UPDATE counter SET n = n + $1 WHERE id = $2", {"1", "1"}));
    shared_server().exec("UPDATE counter SET n = 7", name);
    std::uint64_t sequence = 0;
    for (const auto& params :
         {std::vector<parameter>{"1"}, std::vector<parameter>{}, std::vector<parameter>{"1", "1", "1"}}) {
        const auto& given =
            node.answer(node.send_given(++sequence, with({}, "UPDATE counter SET n = n + $1 WHERE id = $2", params)));
        CHECK(outcome_of(given) == "08P01");  // As PostgreSQL: "bind message supplies 1 parameters".
    }
    CHECK(one_value(name, "SELECT n FROM counter") == "7");
}

TEST_CASE("after a column's type has changed, the same texts mean what they mean to a fresh connection") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE TABLE things (id int PRIMARY KEY, count int, code int, size real, at date); "
        "CREATE TABLE others (LIKE things); INSERT INTO things VALUES (1, 1, 1, 1, '2026-01-01')",
        name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const std::string count = "UPDATE things SET count = $1 WHERE id = 1";
    const std::string code = "UPDATE things SET code = $1 WHERE id = 1";
    const std::string size = "UPDATE things SET size = $1 WHERE id = 1";
    const std::string at = "DELETE FROM things WHERE at < $1";
    node.learn(with({}, count, {"5"}));
    node.learn(with({}, code, {"5"}));
    node.learn(with({}, size, {"5"}));
    node.learn(with({}, at, {"2025-01-01"}));
    shared_server().exec(
        "ALTER TABLE things ALTER count TYPE bigint, ALTER code TYPE text, ALTER size TYPE float8, "
        "ALTER at TYPE timestamptz",
        name);
    CHECK(outcome_of(node.answer(node.send(with("a", count, {"5000000000"})))) == committed);
    CHECK(outcome_of(node.answer(node.send(with("b", code, {"abc"})))) == committed);
    CHECK(outcome_of(node.answer(node.send(with("c", size, {"0.123456789012345"})))) == committed);
    shared_server().exec("UPDATE things SET at = '2026-01-01 12:00'", name);
    const auto& deleted = node.answer(node.send(with("d", at, {"2026-01-01 11:00"})));
    CHECK(deleted.receipt.statements.at(0).rows_affected == 0);
    CHECK(one_value(name, "SELECT count || ' ' || code || ' ' || size FROM things") ==
          "5000000000 abc 0.123456789012345");
    CHECK(node.answer(node.send(with("e", at, {"2026-01-01 13:00"}))).receipt.statements.at(0).rows_affected == 1);
}

TEST_CASE("a column that is added shows in the next answer") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const std::string sql = "UPDATE counter SET n = n + 1 RETURNING *";
    node.learn(writing({}, {sql}));
    for (const std::string column : {"one", "two", "three"}) {
        shared_server().exec("ALTER TABLE counter ADD COLUMN " + column + " int DEFAULT 7", name);
        const auto& given = node.answer(node.send(writing("k-" + column, {sql})));
        REQUIRE(outcome_of(given) == committed);
        CHECK(given.receipt.statements.at(0).columns.back() == column);
        CHECK(given.receipt.statements.at(0).rows.at(0).back() == "7");
        node.learn(writing({}, {sql}));
    }
}

TEST_CASE("what a function, a domain, a trigger or a partition does is what the newest of it does") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE FUNCTION tax(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1'; "
        "CREATE DOMAIN amount AS int; CREATE TABLE sums (id serial, n amount); "
        "CREATE TABLE parts (id int, n int) PARTITION BY LIST (id); "
        "CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1)",
        name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const std::string tax = "UPDATE counter SET n = tax(1) WHERE id = 1";
    const std::string sum = "INSERT INTO sums (n) VALUES (1)";
    const std::string part = "INSERT INTO parts VALUES (1, 1)";
    for (const auto& each : {tax, sum, part}) node.learn(writing({}, {each}));
    shared_server().exec("CREATE OR REPLACE FUNCTION tax(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 41'",
                         name);
    CHECK(outcome_of(node.answer(node.send(writing("t", {tax})))) == committed);
    CHECK(one_value(name, "SELECT n FROM counter") == "42");
    shared_server().exec("ALTER DOMAIN amount ADD CHECK (VALUE > 1) NOT VALID", name);
    CHECK(outcome_of(node.answer(node.send(writing("s", {sum})))) == alone(name, {sum}));
    shared_server().exec(
        "CREATE FUNCTION doubles() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n := 2 * NEW.n; RETURN NEW; END'; "
        "TRUNCATE parts; "
        "CREATE TRIGGER doubles BEFORE INSERT ON part_1 FOR EACH ROW EXECUTE FUNCTION doubles()",
        name);
    CHECK(outcome_of(node.answer(node.send(writing("p", {part})))) == committed);
    CHECK(one_value(name, "SELECT n FROM parts") == "2");
    CHECK(node.lane->counters().catalogue_changes > 0);
}

TEST_CASE("a long text runs once") {
    const auto name = fresh_database();
    shared_server().exec("CREATE TABLE lines (id serial, note text)", name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    std::string sql = "INSERT INTO lines (note) VALUES ('x')";
    for (int i = 1; i < 1000; ++i) sql += ", ('x')";
    for (std::uint64_t i = 1; i <= 5; ++i) {
        const auto& given = node.answer(node.send_given(i, writing({}, {sql})));
        CHECK(given.receipt.statements.at(0).rows_affected == 1000);
        CHECK(one_value(name, "SELECT last_value FROM lines_id_seq") == std::to_string(1000 * i));
    }
}
