// Any database, role and connection string: what Penholder relies on holds, and what the application set stays.
#include "company.hpp"
#include "postgres/diagnosis.hpp"

using namespace penholder;
using namespace penholder::testing;
using row = std::vector<std::optional<std::string>>;

namespace {

std::string database_with(const std::string& encoding) {
    static int count = 0;
    const auto name = "encoded_" + std::to_string(++count);
    shared_server().exec("CREATE DATABASE " + name + " ENCODING '" + encoding + "' LOCALE 'C' TEMPLATE template0");
    REQUIRE(postgres::init_schema(shared_server().conninfo(name)).has_value());
    shared_server().exec("CREATE TABLE entries (id int PRIMARY KEY, note text)", name);
    return name;
}

penholder::write note(int id, const std::string& text) {
    penholder::write made("note-" + std::to_string(id));
    made.add("INSERT INTO entries VALUES ($1, $2) RETURNING note", id, text);
    return made;
}

}  // namespace

TEST_CASE("a database in LATIN1 takes and gives UTF-8") {
    const auto name = database_with("LATIN1");
    node_view node(shared_server().conninfo(name) + " client_encoding=LATIN1");
    node.lead(1);
    for (int id = 1; id <= 20; ++id) {
        const auto& given = node.answer(node.send(note(id, "é")));
        REQUIRE(outcome_of(given) == "committed");
        CHECK(given.receipt.statements.at(0).rows.at(0).at(0) == "é");
    }
    CHECK(one_value(name, "SELECT count(*) FROM entries WHERE note::bytea = '\\xe9'") == "20");
    CHECK(outcome_of(node.answer(node.send(note(99, "字")))) == "22P05");
    const auto direct = writing("literal", {"UPDATE entries SET note = 'ü' WHERE id = 1"});
    CHECK(outcome_of(node.answer(node.send(direct))) == "committed");
    CHECK(one_value(name, "SELECT note::bytea FROM entries WHERE id = 1") == "\\xfc");
}

TEST_CASE("a database in SQL_ASCII keeps the bytes as they were given") {
    const auto name = database_with("SQL_ASCII");
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const auto& given = node.answer(node.send(note(1, "é")));
    REQUIRE(outcome_of(given) == "committed");
    CHECK(given.receipt.statements.at(0).rows.at(0).at(0) == "é");
    CHECK(one_value(name, "SELECT note::bytea FROM entries") == "\\xc3a9");
    const auto found = postgres::diagnose(shared_server().conninfo(name));
    CHECK(std::ranges::any_of(found, [](const auto& one) {
        return one.subject == "encoding" && one.severity == postgres::severity::advice;
    }));
}

TEST_CASE("what role and database set stays, but for what Penholder relies on") {
    const auto name = fresh_database();
    shared_server().exec("CREATE SCHEMA app; CREATE TABLE app.mine (id int, at timestamptz DEFAULT now(), day date)",
                         name);
    shared_server().exec("CREATE ROLE particular SUPERUSER LOGIN", name);
    for (const auto* setting :
         {"datestyle = 'German'", "timezone = 'Asia/Tokyo'", "search_path = app", "bytea_output = 'escape'",
          "default_transaction_isolation = 'serializable'", "default_transaction_read_only = on",
          "standard_conforming_strings = off", "client_encoding = 'LATIN1'", "statement_timeout = '1ms'",
          "lock_timeout = '1ms'", "extra_float_digits = 0", "intervalstyle = 'sql_standard'", "lc_messages = 'C'"}) {
        shared_server().exec("ALTER ROLE particular SET " + std::string(setting));
        shared_server().exec("ALTER DATABASE " + name + " SET " + std::string(setting));
    }
    node_view node(shared_server().conninfo(name) + " user=particular");
    node.lead(1);
    for (int i = 0; i < 10; ++i) {
        penholder::write mine("mine-" + std::to_string(i));
        mine.add("INSERT INTO mine (id, day) VALUES ($1, '03.02.2026') RETURNING day, 'a\\b'", i);
        const auto& given = node.answer(node.send(mine));
        REQUIRE(outcome_of(given) == "committed");
        CHECK(given.receipt.statements.at(0).rows.at(0) == row{"03.02.2026", "a\\b"});
    }
    penholder::write look("look");
    look.add("SELECT current_setting('timezone'), current_setting('search_path'), current_setting('bytea_output')");
    CHECK(node.answer(node.send(look)).receipt.statements.at(0).rows.at(0) == row{"Asia/Tokyo", "app", "escape"});
    const auto found = node.wait(node.database.find("mine-3"));
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK((*found)->statements.at(0).rows.at(0).at(0) == "03.02.2026");
    node_view successor(shared_server().conninfo(name) + " user=particular");
    successor.lead(2, "node-2");
    CHECK(successor.answer(successor.send(writing("mine-3", {"SELECT 1"}))).receipt.why->code == errc::key_reused);
    shared_server().exec("ALTER DATABASE " + name + " RESET ALL");
    shared_server().exec("DROP OWNED BY particular; DROP ROLE particular", name);
}

TEST_CASE("options of the connection string are the application's, but for what Penholder relies on") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name) +
                   " options='-c timezone=Asia/Seoul --datestyle=SQL -c statement_timeout=1 "
                   "-c default_transaction_read_only=on'");
    node.lead(1);
    penholder::write look("look");
    look.add("SELECT current_setting('timezone'), current_setting('datestyle')");
    for (int i = 0; i < 3; ++i) {
        CHECK(node.answer(node.send(look)).receipt.statements.at(0).rows.at(0) == row{"Asia/Seoul", "SQL, MDY"});
        CHECK(outcome_of(node.answer(node.send(increment("i-" + std::to_string(i))))) == "committed");
    }
}

TEST_CASE("a connection that leaves out the triggers of foreign keys is refused, and says what sets it") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name) + " options='-c session_replication_role=replica'");
    const auto refused = node.wait(node.database.probe());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::database_unreachable);
    CHECK(refused.error().message.find("session_replication_role is replica, not origin") != std::string::npos);
}

TEST_CASE("what applications see of the connection's settings is what a connection of their own would show") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const std::string all =
        "SELECT name || '=' || setting FROM pg_settings WHERE name NOT LIKE 'plpgsql.%' AND name NOT IN "
        "('application_name', 'statement_timeout', "
        "'lock_timeout', 'client_min_messages', 'client_encoding', 'transaction_isolation', 'transaction_read_only') "
        "ORDER BY 1";
    const auto direct = shared_server().exec(all, name);
    const auto& seen = node.answer(node.send(writing("all", {all})));
    REQUIRE(outcome_of(seen) == "committed");
    const auto& rows = seen.receipt.statements.at(0).rows;
    REQUIRE(rows.size() == static_cast<std::size_t>(direct.size()));
    for (std::size_t at = 0; at < rows.size(); ++at) {
        CHECK(rows[at].at(0) == direct[static_cast<pqxx::result::size_type>(at)][0].c_str());
    }
}
