// No write stops the others, and each that tries gets its own true answer in time.
#include "company.hpp"
#include "support/memory.hpp"

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;

namespace {

int occurrences(const std::string& text, const std::string& of) {
    int count = 0;
    for (auto at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a write that ends its own backend runs twice at most, and the others go on") {
    const auto name = fresh_database();
    shared_server().exec("CREATE SEQUENCE runs", name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    company others(node);
    const auto suicide =
        node.send(writing("s", {"SELECT nextval('runs')", "SELECT pg_terminate_backend(pg_backend_pid())"}), 20s);
    const auto& given = others.answer(suicide);
    CHECK(given.verdict == write_verdict::decided);
    CHECK(given.receipt.outcome == outcome::rejected);
    CHECK(std::stoi(one_value(name, "SELECT last_value FROM runs")) <= 2);
    CHECK(node.lane->counters().suspects_blamed == 1);
    CHECK(node.lost == 0);
    CHECK(others.longest < patience(2s));
    CHECK(node.answer(
                  node.send(writing("s", {"SELECT nextval('runs')", "SELECT pg_terminate_backend(pg_backend_pid())"})))
              .receipt.replayed);
    CHECK(std::stoi(one_value(name, "SELECT last_value FROM runs")) <= 2);
}

TEST_CASE("a write that crashes the server does so twice at most, and the others are committed after that") {
    postgres_server server;
    REQUIRE(postgres::init_schema(server.conninfo()).has_value());
    server.exec(
        "CREATE TABLE counter (id int PRIMARY KEY, n int); INSERT INTO counter VALUES (1, 0); "
        "CREATE FUNCTION dies() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "EXECUTE 'COPY (SELECT 1) TO PROGRAM ''kill -9 $PPID; sleep 1'''; END $$");
    node_view node(server.conninfo());
    node.lead(1);
    company others(node);
    const auto fatal = node.send(writing("f", {"SELECT dies()"}), 30s);
    const auto& given = others.answer(fatal, 60s);
    others.write(5);
    CHECK(given.receipt.outcome == outcome::rejected);
    CHECK(occurrences(server.log(), "was terminated by signal 9") <= 2);
}

TEST_CASE("a write that makes its transaction read-only harms nobody else") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    company others(node);
    const std::vector<std::string> statements{"SELECT set_config('transaction_read_only', 'on', true)",
                                              "INSERT INTO entries VALUES (1, 'x')"};
    const auto own = node.send(writing("a", statements));
    const auto inside = node.send(writing(
        "b",
        {"DO $$ BEGIN PERFORM set_config('transaction_read_only', 'on', true); INSERT INTO entries VALUES (2, 'x'); "
         "END $$"}));
    const auto nothing = node.send(writing("c", {"SELECT set_config('transaction_read_only', 'on', true)"}));
    CHECK(outcome_of(others.answer(own)) == alone(name, statements));
    CHECK(outcome_of(others.answer(inside)) == "25006");
    const auto& third = others.answer(nothing);
    CHECK((outcome_of(third) == committed || outcome_of(third) == "25006"));
    others.write(10);
    CHECK(one_value(name, "SELECT count(*) FROM entries") == "0");
    CHECK(node.lost == 0);
    CHECK(others.longest < patience(2s));
}

TEST_CASE("a write without a time-out of its own is answered at its deadline, and its backend ends") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    company others(node);
    const auto begun = std::chrono::steady_clock::now();
    const auto endless = node.send(writing("e", {"SET LOCAL statement_timeout = 0", "SELECT pg_sleep(600)"}), 1s);
    const auto stubborn = node.send(
        writing("t", {"SET LOCAL statement_timeout = 0",
                      "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END "
                      "LOOP; END $$"}),
        1s);
    for (const auto ticket : {endless, stubborn}) {
        const auto& given = others.answer(ticket, 10s);
        CHECK(given.why == errc::deadline_expired);
    }
    CHECK(std::chrono::steady_clock::now() - begun < patience(3s));
    CHECK(eventually([&] { return sleeping(name) == 0; }));
    CHECK(others.committed > 5);
    CHECK(others.longest < patience(1s));
    CHECK(node.lost == 0);
}

TEST_CASE("an error of any class is the write's own answer, and costs the others nothing") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE TABLE failing (state text); CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'made up' USING ERRCODE = NEW.state; END $$; "
        "CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON failing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
        "FUNCTION fails()",
        name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    company others(node);
    std::vector<std::pair<std::string, std::size_t>> sent;
    for (const auto* state :
         {"08006", "25006", "53400", "57014", "57P01", "58030", "XX000", "XX002", "PH001", "PH002"}) {
        sent.emplace_back(
            state, node.send(writing(std::string("now-") + state, {"DO $$ BEGIN RAISE 'made up' USING ERRCODE = '" +
                                                                   std::string(state) + "'; END $$"})));
        sent.emplace_back(state, node.send(writing(std::string("commit-") + state,
                                                   {"INSERT INTO failing VALUES ('" + std::string(state) + "')"})));
    }
    for (const auto& [state, ticket] : sent) {
        INFO(state);
        CHECK(outcome_of(others.answer(ticket)) == state);
    }
    CHECK(node.lost == 0);
    CHECK(node.lane->counters().connects == 1);
    CHECK(node.lane->counters().in_doubt == 0);
    CHECK(node.lane->state() == lane::lane_state::open);
    CHECK(others.longest < patience(2s));
    CHECK(one_value(name, "SELECT count(*) FROM failing") == "0");
}

TEST_CASE("answers over the bound are rejected with nothing applied, whether by many rows or by one value") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE TABLE large (id int, body text); INSERT INTO large SELECT i, repeat('x', 10000) FROM "
        "generate_series(1, 2000) i",
        name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    company others(node);
    const auto before = resident_bytes();
    const auto returning = node.send(writing("r", {"UPDATE large SET id = id + 1 RETURNING *"}), 50s);
    const auto rows = node.send(writing("m", {"INSERT INTO entries VALUES (1, 'x')",
                                              "SELECT repeat('x', 1000000) FROM generate_series(1, 700)"}),
                                50s);
    const auto value =
        node.send(writing("v", {"INSERT INTO entries VALUES (2, 'x')", "SELECT repeat('x', 100000000)"}), 50s);
    const auto within = node.send(writing("w", {"SELECT repeat('x', 1000000) FROM generate_series(1, 7)"}), 50s);
    for (const auto ticket : {returning, rows, value}) {
        const auto& given = others.answer(ticket, 60s);
        REQUIRE(given.verdict == write_verdict::decided);
        CHECK(given.receipt.outcome == outcome::rejected);
        CHECK(given.receipt.why->message.find("max_receipt_bytes") != std::string::npos);
    }
    const auto& whole = others.answer(within, 60s);
    REQUIRE(outcome_of(whole) == committed);
    CHECK(whole.receipt.statements.at(0).rows.size() == 7);
    CHECK(one_value(name, "SELECT min(id) FROM large") == "1");
    CHECK(one_value(name, "SELECT count(*) FROM entries") == "0");
    CHECK(resident_bytes() < before + (std::size_t{96} << 20U));
    CHECK(node.lost == 0);
}

TEST_CASE("writes that wait for a stranger's locks wait apart") {
    const auto name = fresh_database();
    shared_server().exec("INSERT INTO entries SELECT i, 'x' FROM generate_series(1, 8) i", name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    company others(node);
    node.learn(writing({}, {"UPDATE entries SET note = 'y' WHERE id = 1"}));
    pqxx::connection stranger(shared_server().conninfo(name));
    std::optional<pqxx::work> holding(std::in_place, stranger);
    holding->exec("SELECT FROM entries FOR UPDATE");
    std::vector<std::size_t> waiting;
    for (int i = 1; i <= 8; ++i) {
        waiting.push_back(node.send(
            writing("w-" + std::to_string(i), {"UPDATE entries SET note = 'y' WHERE id = " + std::to_string(i)}), 20s));
    }
    others.write(50);
    CHECK(others.longest < patience(1s));
    holding->commit();
    holding.reset();
    for (const auto ticket : waiting) CHECK(outcome_of(others.answer(ticket)) == committed);
    CHECK(one_value(name, "SELECT count(*) FROM entries WHERE note = 'y'") == "8");
}
