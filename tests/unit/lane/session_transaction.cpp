#include "lane/session_transaction.hpp"

#include "transaction_bench.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

TEST_CASE("a first attempt asks the ledger nothing: guard and statements go together, record and COMMIT follow them") {
    run on(first_attempt());
    CHECK(on.next->at(0).sql == "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    CHECK(on.next->at(1).sql.starts_with("SELECT penholder.guard"));
    CHECK(on.next->at(1).params.at(2) == "3");     // The slot.
    CHECK(on.next->at(1).params.at(3) == "5000");  // Until the deadline,
    CHECK(on.next->at(1).params.at(4) == "500");   // and for a lock.
    REQUIRE(on.next->size() == 3);
    CHECK(on.next->at(2).sql == call);
    on.serve();
    REQUIRE(on.next->size() == 3);
    CHECK(on.next->at(0).sql.starts_with("SELECT penholder.record"));
    CHECK(on.next->at(1).sql == "COMMIT");
    CHECK(on.it.commit_sent());
    on.serve_out();
    CHECK(on.it.committed());
    CHECK(on.answer->receipt.outcome == outcome::committed);
    CHECK(on.answer->receipt.lsn == 16);
    CHECK(on.answer->receipt.term == 7);
}

TEST_CASE("a key that comes first runs at once, behind a command that fails where the ledger knows it") {
    auto one = keyed("k", call);
    one.taken.again = false;
    one.fingerprint.clear();
    run on(one);
    REQUIRE(on.next->size() == 4);
    CHECK(on.next->at(2).sql.starts_with("SELECT penholder.expect_new("));
    CHECK(on.next->at(2).params.at(1) == "k");
    CHECK(on.next->at(3).sql == call);
    CHECK(run(one).serve_out().answer->receipt.outcome == outcome::committed);

    on.serve(answering("SELECT penholder.expect_new", failing("PH004")));
    CHECK(texts(*on.next) == std::vector<std::string>{"ROLLBACK"});
    on.serve_out();
    CHECK_FALSE(on.answer.has_value());
    run again(std::move(on.it.write()));
    CHECK(again.next->back().sql.starts_with("SELECT kind, id"));
    again.serve_out(look_up_finds("k", outcome::committed));
    CHECK(again.answer->receipt.replayed);
}

TEST_CASE("a later statement with a backslash is read as it was screened, whatever ran before it") {
    auto one = a_write(write_id::parse("k").value(),
                       {statement("SELECT f()"), statement("SELECT 'a\\'"), statement("SELECT 1")});
    one.taken.again = false;
    run on(one);
    const auto sent = texts(*on.next);
    const auto first = std::ranges::find(sent, "SELECT f()");
    REQUIRE(sent.end() - first >= 4);
    CHECK(first[1] == "SET LOCAL standard_conforming_strings = on");
    CHECK(first[2] == "SELECT 'a\\'");
    CHECK(first[3] == "SELECT 1");
}

TEST_CASE("where an earlier attempt may be decided the ledger is asked before anything runs") {
    for (auto& one : {keyed("k", call), retried()}) {
        run on(one);
        CHECK_FALSE(holds(*on.next, call));
        CHECK(on.next->back().sql.starts_with("SELECT kind, id"));
        on.serve();
        CHECK(texts(*on.next) == std::vector<std::string>{call});
        on.serve_out();
        CHECK(on.answer->receipt.outcome == outcome::committed);
        CHECK_FALSE(on.answer->receipt.replayed);
    }
}

TEST_CASE("what the ledger has decided is answered so and does not run; a commit with the position of this COMMIT") {
    for (const auto what : {outcome::committed, outcome::rejected}) {
        run on(retried());
        on.serve(look_up_finds("~" + origin + ".1", what));
        CHECK_FALSE(holds(*on.next, call));
        CHECK_FALSE(begins_one(*on.next, "SELECT penholder.record"));
        on.serve_out();
        CHECK(on.answer->receipt.replayed);
        CHECK(on.answer->receipt.outcome == what);
        CHECK(on.answer->receipt.lsn == (what == outcome::committed ? 16U : 0U));
    }
}

TEST_CASE("whatever a statement raises is its own answer, recorded by a transaction of its own") {
    for (const std::string sqlstate :
         {"23505", "08006", "53400", "57014", "58030", "XX000", "25006", "PH001", "PH002"}) {
        INFO(sqlstate);
        run on(first_attempt());
        on.serve(answering(call, failing(sqlstate)));
        REQUIRE(on.next->size() == 5);
        CHECK(on.next->at(0).sql == "ROLLBACK");
        CHECK(on.next->at(1).sql.starts_with("BEGIN"));
        CHECK(on.next->at(2).sql.starts_with("SELECT penholder.guard"));
        CHECK(on.next->at(3).sql.starts_with("SELECT penholder.record"));
        CHECK(on.next->at(4).sql == "COMMIT");
        on.serve_out();
        CHECK(on.answer->receipt.outcome == outcome::rejected);
        CHECK(on.answer->receipt.why->code == errc::statement_failed);
        CHECK(on.answer->receipt.why->sqlstate == sqlstate);
        CHECK(on.answer->receipt.why->statement == 0);
        CHECK_FALSE(on.it.needs_reconnect());
        CHECK_FALSE(on.it.fenced());
    }
}

TEST_CASE("what COMMIT raises is the write's own answer too") {
    for (const std::string sqlstate : {"23503", "08006", "58030", "XX000"}) {
        INFO(sqlstate);
        run on(first_attempt());
        on.serve_until("COMMIT").serve(answering("COMMIT", failing(sqlstate)));
        CHECK(on.next->front().sql == "ROLLBACK");
        on.serve_out();
        CHECK(on.answer->receipt.outcome == outcome::rejected);
        CHECK(on.answer->receipt.why->sqlstate == sqlstate);
        CHECK_FALSE(on.answer->receipt.why->statement.has_value());
        CHECK_FALSE(on.it.needs_reconnect());
    }
}

TEST_CASE("a COMMIT that rolled back is a rejection: only the tag COMMIT is a commit") {
    run on(first_attempt());
    on.serve_until("COMMIT").serve(answering("COMMIT", done("ROLLBACK")));
    on.serve_out();
    CHECK(on.answer->receipt.outcome == outcome::rejected);
}

TEST_CASE("where the record fails the transaction was made unfit by the write itself, and that is its answer") {
    run on(first_attempt());
    on.serve_until("SELECT penholder.record").serve(answering("SELECT penholder.record", failing("25006")));
    on.serve_out();
    CHECK(on.answer->receipt.why->sqlstate == "25006");
}

TEST_CASE("a record that clashes means that another attempt was decided: it is looked up, and not run over") {
    run on(first_attempt());
    on.serve_until("SELECT penholder.record").serve(answering("SELECT penholder.record", failing("23505")));
    CHECK(texts(*on.next) == std::vector<std::string>{"ROLLBACK"});
    on.serve_out();
    CHECK_FALSE(on.answer.has_value());
    run second(on.it.write());
    CHECK_FALSE(holds(*second.next, call));
    second.serve(look_up_finds("~" + origin + ".1", outcome::committed)).serve_out();
    CHECK(second.answer->receipt.replayed);
}

TEST_CASE("an internal error at COMMIT of what was committed all the same ends with the true answer") {
    run on(first_attempt());
    on.serve_until("COMMIT").serve(answering("COMMIT", failing("XX000")));
    on.serve(answering("SELECT penholder.record", failing("23505"))).serve_out();
    CHECK_FALSE(on.answer.has_value());
    run second(on.it.write());
    second.serve(look_up_finds("~" + origin + ".1", outcome::committed)).serve_out();
    CHECK(second.answer->receipt.outcome == outcome::committed);
}

TEST_CASE("other rows than expected are rejected, and the rejection is recorded") {
    run on(given(1, 5, call));
    on.serve();
    CHECK(on.next->front().sql == "ROLLBACK");
    CHECK(on.it.commit_sent());  // Its rejection's.
    on.serve_out();
    CHECK(on.answer->receipt.why->code == errc::row_count_mismatch);
}

TEST_CASE("more rows than a receipt may hold are rejected, with the bound's name; nothing is applied") {
    auto large = first_attempt();
    large.large_answer = true;
    run on(std::move(large));
    on.serve(answering(call, too_large()));
    CHECK(on.next->front().sql == "ROLLBACK");
    on.serve_out();
    CHECK(on.answer->receipt.outcome == outcome::rejected);
    CHECK(on.answer->receipt.why->code == errc::statement_failed);
    CHECK(on.answer->receipt.why->message.find("max_receipt_bytes (1000)") != std::string::npos);
    CHECK(on.answer->receipt.why->statement == 0);
}

TEST_CASE(
    "more rows than a write's share of the room have it run again with room for all, and so has a large receipt") {
    for (const auto* brings : {call.c_str(), "SELECT kind, id"}) {
        run on(retried());
        CHECK(on.it.rows_bound() == 1000 / 8);
        on.serve_out(answering(brings, too_large()));
        CHECK_FALSE(on.answer.has_value());
        CHECK(on.it.wants_room());
        CHECK(on.it.write().large_answer);
        CHECK_FALSE(on.it.needs_reconnect());
        on.it.on_lost();  // By one value that is larger than its share.
        CHECK_FALSE(on.it.was_lost());
    }
    auto large = first_attempt();
    large.large_answer = true;
    CHECK(run(large).it.rows_bound() == 1000);
    large.taken.again = true;
    CHECK(run(large).it.rows_bound() == std::numeric_limits<std::size_t>::max());
}

TEST_CASE("a clash with another transaction is no answer: the write is tried again") {
    for (const std::string sqlstate : {"40001", "40P01", "55P03"}) {
        run on(first_attempt());
        on.serve(answering(call, failing(sqlstate)));
        CHECK(texts(*on.next) == std::vector<std::string>{"ROLLBACK"});
        on.serve_out();
        CHECK_FALSE(on.answer.has_value());
        CHECK(on.it.write().trouble == trouble{sqlstate + ": refused", sqlstate});
        CHECK_FALSE(on.it.was_lost());
    }
}

TEST_CASE("a statement that is cancelled at the deadline was too late, before it the cancelling is its answer") {
    run late(first_attempt());
    late.at = now + 5s;
    late.serve(answering(call, failing("57014"))).serve_out();
    CHECK(late.answer->verdict == write_verdict::handed_back);
    CHECK(late.answer->why == errc::deadline_expired);
    run by_a_fast_clock(first_attempt());
    by_a_fast_clock.at = now + 4'900ms;
    by_a_fast_clock.serve(answering(call, failing("57014"))).serve_out();
    CHECK(by_a_fast_clock.answer->why == errc::deadline_expired);
    run early(first_attempt());
    early.at = now + 4s;
    early.serve(answering(call, failing("57014"))).serve_out();
    CHECK(early.answer->receipt.why->sqlstate == "57014");
}

TEST_CASE("a refusing guard hands the write back as not_leader, also before a rejection") {
    run on(first_attempt());
    on.serve_out(answering("SELECT penholder.guard", failing("PH001")));
    CHECK(on.it.fenced());
    CHECK(on.answer->why == errc::not_leader);
    run second(first_attempt());
    second.serve(answering(call, failing("23505")));
    second.serve_out(answering("SELECT penholder.guard", failing("PH001")));
    CHECK(second.it.fenced());
    CHECK(second.answer->verdict == write_verdict::handed_back);
}

TEST_CASE("a guard that fails otherwise costs the connection, and the write waits for another turn") {
    run on(first_attempt());
    on.serve_out(answering("SELECT penholder.guard", failing("42501")));
    CHECK_FALSE(on.answer.has_value());
    CHECK(on.it.needs_reconnect());
    CHECK_FALSE(on.it.was_lost());
}

TEST_CASE("a connection lost while the statements ran leaves no doubt, one lost at COMMIT leaves doubt") {
    run early(first_attempt());
    early.it.on_lost();
    CHECK(early.it.was_lost());
    CHECK_FALSE(early.it.write().doubtful);
    run late(first_attempt());
    late.serve();
    late.it.on_lost();
    CHECK(late.it.was_lost());
    CHECK(late.it.write().doubtful);
    run looking(retried());
    looking.it.on_lost();
    CHECK_FALSE(looking.it.was_lost());
    CHECK(looking.it.needs_reconnect());
}

TEST_CASE("a server that ends the connection names why, and has run nothing behind that command") {
    run on(first_attempt());
    on.serve_out(answering(call, fatal("57P01")));
    CHECK(on.it.was_lost());
    CHECK(on.it.write().trouble.sqlstate == "57P01");
    CHECK_FALSE(on.it.write().doubtful);
    run at_record(first_attempt());
    at_record.serve().serve_out(answering("SELECT penholder.record", fatal("57P01")));
    CHECK(at_record.it.was_lost());
    CHECK_FALSE(at_record.it.write().doubtful);
    run at_commit(first_attempt());
    at_commit.serve().serve_out(answering("COMMIT", fatal("57P01")));
    CHECK(at_commit.it.was_lost());
    CHECK(at_commit.it.write().doubtful);
    run behind(first_attempt());
    behind.serve().serve_out(answering("SELECT pg_catalog.pg_current_wal_lsn", fatal("57P01")));
    CHECK(behind.answer->receipt.outcome == outcome::committed);
    CHECK(behind.it.needs_reconnect());
    CHECK_FALSE(behind.it.was_lost());
}

TEST_CASE("a write that was condemned does not run: its rejection is recorded, unless the ledger knows an answer") {
    auto one = first_attempt();
    one.condemned = reason{errc::statement_failed, "the connection ended twice", "57P01", {}};
    run on(one);
    CHECK_FALSE(holds(*on.next, call));
    CHECK(begins_one(*on.next, "SELECT penholder.record"));
    CHECK(holds(*on.next, "COMMIT"));
    on.serve_out();
    CHECK(on.answer->receipt.why->sqlstate == "57P01");

    one.doubtful = true;
    run doubtful(one);
    CHECK(doubtful.next->back().sql.starts_with("SELECT kind, id"));
    doubtful.serve(look_up_finds("~" + origin + ".1", outcome::committed)).serve_out();
    CHECK(doubtful.answer->receipt.outcome == outcome::committed);
    run unknown_there(one);
    unknown_there.serve();
    CHECK_FALSE(holds(*unknown_there.next, call));
    unknown_there.serve_out();
    CHECK(unknown_there.answer->receipt.outcome == outcome::rejected);
}

TEST_CASE("a rejection that could not be recorded is recorded later, and the write does not run again for it") {
    run on(first_attempt());
    on.serve(answering(call, failing("23505")));
    SECTION("the connection is lost") {
        on.it.on_lost();
    }
    SECTION("the record fails") {
        on.serve_out(answering("SELECT penholder.record", failing("53100")));
        CHECK_FALSE(on.answer.has_value());
    }
    CHECK_FALSE(on.it.was_lost());
    REQUIRE(on.it.write().condemned.has_value());
    CHECK(on.it.write().condemned->sqlstate == "23505");
    run second(on.it.write());
    while (second.next) {
        CHECK_FALSE(holds(*second.next, call));
        second.serve();
    }
    CHECK(second.it.take_answer()->receipt.why->sqlstate == "23505");
}

TEST_CASE("its record is a row of the keys, by whomever the id was given") {
    for (auto& one : {keyed("k", call), first_attempt()}) {
        run on(one);
        on.serve_until("SELECT penholder.record");
        CHECK(on.next->front().params.at(2)->find(one.id()) != std::string::npos);
    }
}
