// Lone plain writes go in one round, their rows counted by the database: nobody must be able to tell by the answers.
#include "fixture.hpp"

using namespace penholder;
using namespace penholder::testing;

namespace {

/// Writes one statement after the other under ids of one origin.
class lone_writer {
public:
    explicit lone_writer(const std::string& database) : node(shared_server().conninfo(database)) { node.lead(1); }

    template <class... Values>
    const receipt& write_one(const std::string& sql, const Values&... values) {
        penholder::write what;
        what.add(sql, values...);
        return node.answer(node.send_given(++sequence, what)).receipt;
    }

    node_view node;
    std::uint64_t sequence = 0;
};

}  // namespace

TEST_CASE("row counts are true, whatever the same statement affected before") {
    const auto name = fresh_database();
    lone_writer writer(name);
    writer.write_one("INSERT INTO entries SELECT i, 'x' FROM generate_series(1, 6) i");
    for (const int most : {3, 3, 0, 0, 6, 1, 1, 1, 2}) {
        const auto& done = writer.write_one("UPDATE entries SET note = 'y' WHERE id <= $1", most);
        REQUIRE(done.outcome == outcome::committed);
        CHECK(done.statements.at(0).rows_affected == static_cast<std::uint64_t>(most));
        CHECK(done.statements.at(0).columns.empty());
        CHECK(done.statements.at(0).rows.empty());
        CHECK(done.lsn > 0);
    }
    CHECK(writer.node.lane->counters().committed == 10);
}

TEST_CASE("a lone write that fails says the statement's own error and has no effect") {
    const auto name = fresh_database();
    lone_writer writer(name);
    writer.write_one("INSERT INTO entries VALUES (1, 'first')");
    for (int i = 0; i < 3; ++i) {
        const auto& refused = writer.write_one("INSERT INTO entries VALUES ($1, 'again')", 1);
        REQUIRE(refused.outcome == outcome::rejected);
        CHECK(refused.why->sqlstate == "23505");
        CHECK(refused.why->statement == 0U);
        const auto& broken = writer.write_one("UPDATE entries SET id = id / $1", 0);
        REQUIRE(broken.outcome == outcome::rejected);
        CHECK(broken.why->sqlstate == "22012");
        CHECK(writer.write_one("UPDATE entries SET note = note WHERE id = 1").outcome == outcome::committed);
    }
    CHECK(one_value(name, "SELECT note FROM entries") == "first");
}

TEST_CASE("what PostgreSQL does not let be counted is written all the same") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE TABLE ruled (id int); CREATE TABLE copies (id int); "
        "CREATE RULE twice AS ON INSERT TO ruled DO ALSO INSERT INTO copies VALUES (NEW.id)",
        name);
    lone_writer writer(name);
    for (int i = 0; i < 3; ++i) {
        const auto& done = writer.write_one("INSERT INTO ruled VALUES ($1) -- with a rule", i);
        REQUIRE(done.outcome == outcome::committed);
        CHECK(done.statements.at(0).rows_affected == 1);
    }
    CHECK(one_value(name, "SELECT count(*) FROM ruled") == "3");
    CHECK(one_value(name, "SELECT count(*) FROM copies") == "3");
}

TEST_CASE("a text that is no statement by itself is none when its rows are counted either") {
    const auto name = fresh_database();
    lone_writer writer(name);
    writer.write_one("INSERT INTO entries VALUES (1, 'x')");
    for (int i = 0; i < 3; ++i) {
        const auto& refused = writer.write_one("DELETE FROM entries WHERE id = 7), more AS (DELETE FROM entries");
        REQUIRE(refused.outcome == outcome::rejected);
        CHECK(refused.why->sqlstate == "42601");
    }
    CHECK(one_value(name, "SELECT count(*) FROM entries") == "1");
}

TEST_CASE("a deferred constraint that a lone write breaks at COMMIT rejects it") {
    const auto name = fresh_database();
    shared_server().exec("CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO late VALUES (1)",
                         name);
    lone_writer writer(name);
    CHECK(writer.write_one("INSERT INTO late VALUES ($1)", 2).outcome == outcome::committed);
    const auto& refused = writer.write_one("INSERT INTO late VALUES ($1)", 2);
    REQUIRE(refused.outcome == outcome::rejected);
    CHECK(refused.why->sqlstate == "23505");
    CHECK(writer.write_one("INSERT INTO late VALUES ($1)", 3).outcome == outcome::committed);
    CHECK(one_value(name, "SELECT count(*) FROM late") == "3");
}

TEST_CASE("a row count that a lone write expects is held to") {
    const auto name = fresh_database();
    lone_writer writer(name);
    writer.write_one("INSERT INTO entries SELECT i, 'x' FROM generate_series(1, 3) i");
    for (int i = 0; i < 2; ++i) {
        penholder::write two;
        two.add("UPDATE entries SET note = 'z' WHERE id <= $1", 3).expect_rows(2);
        const auto& refused = writer.node.answer(writer.node.send_given(++writer.sequence, two)).receipt;
        REQUIRE(refused.outcome == outcome::rejected);
        CHECK(refused.why->code == errc::row_count_mismatch);
        penholder::write three;
        three.add("UPDATE entries SET note = 'y' WHERE id <= $1", 3).expect_rows(3);
        const auto& done = writer.node.answer(writer.node.send_given(++writer.sequence, three)).receipt;
        CHECK(done.outcome == outcome::committed);
        CHECK(done.statements.at(0).rows_affected == 3);
    }
    CHECK(one_value(name, "SELECT count(*) FROM entries WHERE note = 'y'") == "3");
}

TEST_CASE("what one round has committed is answered again as it was answered first") {
    const auto name = fresh_database();
    receipt first;
    {
        lone_writer writer(name);
        writer.write_one("INSERT INTO entries SELECT i, 'x' FROM generate_series(1, 3) i");
        writer.write_one("UPDATE entries SET note = 'y'");
        first = writer.write_one("UPDATE entries SET note = 'y'");
    }
    node_view other(shared_server().conninfo(name));
    other.lead(2, "node-2");
    penholder::write what;
    what.add("UPDATE entries SET note = 'y'");
    const auto& again = other.answer(other.send_given(3, what)).receipt;
    CHECK(again.replayed);
    CHECK(again.term == first.term);
    CHECK(again.statements == first.statements);
    CHECK(again.statements.at(0).rows_affected == 3);
}
