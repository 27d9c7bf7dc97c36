#include "fixture.hpp"

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;

namespace {

/// An entry that is gone again, of the same shape as `entry`.
penholder::write entry_and_back() {
    penholder::write made;
    made.add("INSERT INTO entries VALUES ($1, $2)", 1000, "x");
    made.add("DELETE FROM entries WHERE id = $1", 1000);
    return made;
}

}  // namespace

TEST_CASE("writes sent together share one batch and are committed under the term") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(3);
    node.learn(increment());
    node.learn(entry_and_back());
    shared_server().exec("UPDATE counter SET n = 0", name);
    const auto before = node.lane->counters();
    for (std::uint64_t sequence = 1; sequence <= 50; ++sequence) node.send_given(sequence, increment());
    const auto keyed = node.send(entry(1, "order-1"));
    const auto& done = node.answer(keyed);
    REQUIRE(done.verdict == write_verdict::decided);
    CHECK(done.receipt.outcome == outcome::committed);
    CHECK(done.receipt.term == 3);
    CHECK(done.receipt.lsn > 0);
    CHECK(done.receipt.statements.at(0).rows_affected == 1);
    CHECK(one_value(name, "SELECT n FROM counter") == "50");
    CHECK(node.lane->counters().batches == before.batches + 1);
    CHECK(node.lane->counters().committed == before.committed + 51);
}

TEST_CASE("RETURNING gives columns and rows, with NULL as no value") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    penholder::write what("r");
    what.add("INSERT INTO entries VALUES ($1, $2), (8, 'eight') RETURNING id, note", 7, nullptr);
    const auto& done = node.answer(node.send(what));
    REQUIRE(done.receipt.outcome == outcome::committed);
    const auto& result = done.receipt.statements.at(0);
    CHECK(result.rows_affected == 2);
    CHECK(result.columns == std::vector<std::string>{"id", "note"});
    CHECK(result.rows.at(0) == std::vector<std::optional<std::string>>{"7", std::nullopt});
    CHECK(result.rows.at(1).at(1) == "eight");
}

TEST_CASE("a repeated write id gets its first answer, also from another lane") {
    const auto name = fresh_database();
    {
        node_view node(shared_server().conninfo(name));
        node.lead(1);
        CHECK_FALSE(node.answer(node.send(increment("k"))).receipt.replayed);
        CHECK_FALSE(node.answer(node.send_given(1, increment())).receipt.replayed);
        CHECK(node.answer(node.send_given(1, increment())).receipt.replayed);
    }
    node_view other(shared_server().conninfo(name));
    other.lead(2, "node-2");
    const auto keyed = other.send(increment("k"));
    const auto given = other.send_given(1, increment());
    CHECK(other.answer(keyed).receipt.replayed);
    CHECK(other.answer(keyed).receipt.term == 1);
    CHECK(other.answer(keyed).receipt.lsn > 0);
    CHECK(other.answer(given).receipt.replayed);
    CHECK(one_value(name, "SELECT n FROM counter") == "2");
    const auto found = other.wait(other.database.find("k"));
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK((*found)->outcome == outcome::committed);
    CHECK((*other.wait(other.database.find("~node-1.00000000000000aa.1"))).has_value());
    CHECK_FALSE((*other.wait(other.database.find("unknown"))).has_value());
}

TEST_CASE("the same key with another payload is refused, and the first answer stands") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    node.answer(node.send(increment("k")));
    const auto& reused = node.answer(node.send(entry(1, "k")));
    REQUIRE(reused.verdict == write_verdict::decided);
    CHECK(reused.receipt.why->code == errc::key_reused);
    CHECK(node.answer(node.send(increment("k"))).receipt.outcome == outcome::committed);
}

TEST_CASE("one write's error does not fail its batch-mates, and is remembered") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    std::vector<std::size_t> good;
    for (int number = 1; number <= 40; ++number)
        good.push_back(node.send_given(static_cast<std::uint64_t>(number), entry(number)));
    const auto duplicate = node.send(entry(7, "dup"));
    penholder::write broken("syntax");
    broken.add("INSERT INTO nowhere VALUES (1)");
    const auto missing = node.send(broken);
    penholder::write miscounted("params");
    miscounted.add("INSERT INTO entries VALUES ($1, 'x')", 1, 2);
    const auto params = node.send(miscounted);
    penholder::write unmatched("none");
    unmatched.add("UPDATE counter SET n = n + 1 WHERE id = 99").expect_rows(1);
    const auto none = node.send(unmatched);
    const auto last = node.send_given(41, increment());
    for (const auto ticket : good) CHECK(node.answer(ticket).receipt.outcome == outcome::committed);
    CHECK(node.answer(duplicate).receipt.why->sqlstate == "23505");
    CHECK(node.answer(duplicate).receipt.why->statement == 0);
    CHECK(node.answer(missing).receipt.why->sqlstate == "42P01");
    CHECK(node.answer(params).receipt.why->code == errc::statement_failed);
    CHECK(node.answer(none).receipt.why->code == errc::row_count_mismatch);
    CHECK(node.answer(last).receipt.outcome == outcome::committed);
    CHECK(one_value(name, "SELECT count(*) FROM entries") == "40");
    const auto& again = node.answer(node.send(entry(7, "dup")));
    CHECK(again.receipt.replayed);
    CHECK(again.receipt.why->sqlstate == "23505");
    CHECK(node.lost == 0);
}

TEST_CASE("a single failing write is rejected and the next one succeeds") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    penholder::write negative("n");
    negative.add("UPDATE counter SET n = -1");
    CHECK(node.answer(node.send(negative)).receipt.why->sqlstate == "23514");
    CHECK(node.answer(node.send(increment("i"))).receipt.outcome == outcome::committed);
}

TEST_CASE("a deferred constraint is blamed on the write that broke it") {
    const auto name = fresh_database();
    shared_server().exec("CREATE TABLE child (id int, parent int REFERENCES entries DEFERRABLE INITIALLY DEFERRED)",
                         name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    const auto parent = node.send(entry(1, "p"));
    penholder::write orphan("o");
    orphan.add("INSERT INTO child VALUES (1, 77)");
    const auto bad = node.send(orphan);
    penholder::write fine("f");
    fine.add("INSERT INTO child VALUES (2, 5)").expect_rows(1);
    fine.add("INSERT INTO entries VALUES (5, 'late')");
    const auto good = node.send(fine);
    CHECK(node.answer(parent).receipt.outcome == outcome::committed);
    CHECK(node.answer(bad).receipt.why->sqlstate == "23503");
    CHECK(node.answer(good).receipt.outcome == outcome::committed);
}

TEST_CASE("a slow write is stopped and does not fail the others") {
    const auto name = fresh_database();
    group_options group;
    group.statement_timeout_max_ms = 300;
    node_view node(shared_server().conninfo(name), group);
    node.lead(1);
    penholder::write slow("slow");
    slow.add("SELECT pg_sleep(30)");
    const auto late = node.send(slow);
    const auto fine = node.send(increment("i"));
    penholder::write brief("brief");
    brief.add("SELECT pg_sleep(29)");
    const auto expired = node.send(brief, 100ms);
    CHECK(node.answer(fine).receipt.outcome == outcome::committed);
    CHECK(node.answer(late).receipt.why->sqlstate == "57014");
    CHECK(node.answer(expired).verdict == write_verdict::handed_back);
    CHECK(node.answer(expired).why == errc::deadline_expired);
}

TEST_CASE("a conflict with a writer from outside is tried again inside the deadline") {
    const auto name = fresh_database();
    group_options group;
    group.lock_timeout_ms = 50;
    node_view node(shared_server().conninfo(name), group);
    node.lead(1);
    pqxx::connection outsider(shared_server().conninfo(name));
    std::optional<pqxx::work> holding(std::in_place, outsider);
    holding->exec("UPDATE counter SET n = 10");
    const auto waiting = node.send(increment("i"));
    const auto hopeless = node.send(increment("h"), 150ms);
    const auto mate = node.send(entry(1, "e"));
    CHECK(node.answer(mate).receipt.outcome == outcome::committed);
    CHECK(node.answer(hopeless).why == errc::deadline_expired);
    holding->commit();
    holding.reset();
    CHECK(node.answer(waiting).receipt.outcome == outcome::committed);
    CHECK(one_value(name, "SELECT n FROM counter") == "11");
}

TEST_CASE("what a function leaves in the session is gone before the next batch") {
    const auto name = fresh_database();
    shared_server().exec(
        "CREATE FUNCTION sneaky() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM set_config('search_path', 'nowhere', false); PERFORM pg_advisory_lock(42); "
        "EXECUTE 'CREATE TEMP TABLE counter (id int)'; EXECUTE 'LISTEN x'; END $$",
        name);
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    penholder::write sneaky("s");
    sneaky.add("SELECT sneaky()");
    CHECK(node.answer(node.send(sneaky)).receipt.outcome == outcome::committed);
    penholder::write look("l");
    look.add(
        "SELECT current_setting('search_path'), to_regclass('pg_temp.counter'), (SELECT count(*) FROM pg_locks WHERE "
        "locktype = 'advisory' AND pid = pg_backend_pid()), (SELECT count(*) FROM pg_listening_channels())");
    const auto& seen = node.answer(node.send(look));
    REQUIRE(seen.receipt.outcome == outcome::committed);
    using row = std::vector<std::optional<std::string>>;
    CHECK(seen.receipt.statements.at(0).rows.at(0) == row{"\"$user\", public", std::nullopt, "0", "0"});
}

TEST_CASE("a write refused by screening costs nobody anything") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    penholder::write bad("b");
    bad.add("COMMIT");
    const auto refused = node.send(bad);
    const auto fine = node.send(increment("i"));
    CHECK(node.answer(refused).why == errc::forbidden_statement);
    CHECK(node.answer(fine).receipt.outcome == outcome::committed);
}

TEST_CASE("the queue is bounded, a repeated id in flight is told so, and drain finishes what runs") {
    const auto name = fresh_database();
    group_options group;
    group.queue_max_writes = 3;
    node_view node(shared_server().conninfo(name), group);
    node.lead(1);
    const auto first = node.send(increment("1"));
    const auto twice = node.send(increment("1"));
    node.send(increment("2"));
    node.send(increment("3"));
    const auto over = node.send(increment("4"));
    CHECK(node.answer(twice).verdict == write_verdict::in_flight);
    CHECK(node.answer(over).why == errc::overloaded);
    node.answer(first);
    penholder::write slow("slow");
    slow.add("SELECT pg_sleep(0.2)");
    const auto running = node.send(slow);
    node.run_until([&] { return sleeping(name) == 1; });
    const auto queued = node.send(increment("5"));
    bool drained = false;
    node.lane->drain([&] { drained = true; });
    node.run_until([&] { return drained; });
    CHECK(node.answer(running).receipt.outcome == outcome::committed);
    CHECK(node.answer(queued).why == errc::not_leader);
}
