#include "lane/batch.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;
using penholder::errc;
using penholder::outcome;
using penholder::write_verdict;
namespace ledger = penholder::ledger;

namespace {

origin_cache known() {
    return {{origin, ledger::origin_ledger{}}};
}

/// Serves the batch until it is over, after this round.
void serve_out(batch& run, const penholder::lane::round& first, const refuser& refuse = {}) {
    auto next = std::optional(first);
    for (int rounds = 0; next && rounds < 300; ++rounds) next = run.on_replies(served(*next, refuse), now);
    CHECK_FALSE(next.has_value());
}

std::size_t position_of(const penholder::lane::round& sent, const std::string& begin) {
    const auto found = std::ranges::find_if(sent, [&](const auto& one) { return one.sql.starts_with(begin); });
    return static_cast<std::size_t>(found - sent.begin());
}

}  // namespace

TEST_CASE("a known origin's writes go out with BEGIN and guard in one round, and commit in the next") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto first = run.begin(now);
    CHECK(first.size() == 4);
    CHECK(first.at(0).sql.starts_with("BEGIN"));
    const auto second = run.on_replies(served(first), now);
    REQUIRE(second.has_value());
    CHECK(holds(*second, "COMMIT"));
    CHECK_FALSE(run.on_replies(served(*second), now).has_value());
    CHECK(run.committed());
    CHECK(run.answer(1)->receipt.outcome == outcome::committed);
    CHECK(run.answer(1)->receipt.lsn == 16);
    CHECK(origins.begin()->second.look_up(1, {}) == ledger::origin_ledger::state::answered);
}

TEST_CASE("a batch has nothing to clean after it: its last command asks for the log's position") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto second = run.on_replies(served(run.begin(now)), now);
    REQUIRE(second.has_value());
    CHECK(second->back().sql == "SELECT pg_catalog.pg_current_wal_lsn()");
    CHECK(second->at(second->size() - 2).sql == "COMMIT");
}

TEST_CASE("the catalogue's stamp is checked after the last statement and before COMMIT, in the one round too") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto second = run.on_replies(served(run.begin(now)), now);
    REQUIRE(second.has_value());
    CHECK(position_of(*second, "SELECT penholder.check_catalogue") == position_of(*second, "COMMIT") - 1);

    auto notes = counted_once();
    batch lone(settings, {given(1)}, origins, &notes);
    const auto only = lone.begin(now);
    CHECK(position_of(only, "SELECT penholder.check_catalogue") == position_of(only, "COMMIT") - 1);
    CHECK(position_of(only, "WITH penholder_counted") < position_of(only, "SELECT penholder.check_catalogue"));
}

TEST_CASE("under a changed catalogue nothing commits: the batch is rolled back and its writes wait again") {
    auto origins = known();
    auto notes = counted_once();
    const auto changed = answering("SELECT penholder.check_catalogue", failing("PH002"));
    batch many(settings, {given(1), given(2)}, origins);
    serve_out(many, many.begin(now), changed);
    batch lone(settings, {given(1)}, origins, &notes);
    serve_out(lone, lone.begin(now), changed);
    for (auto* run : {&many, &lone}) {
        CHECK(run->stale());
        CHECK_FALSE(run->committed());
        CHECK_FALSE(run->answer(0).has_value());
        CHECK_FALSE(run->is_apart(0));
        CHECK_FALSE(run->write_at(0).doubtful);
    }
    CHECK(origins.begin()->second.answers() == 0);
}

TEST_CASE("only the tag COMMIT is a commit; where it is refused no write can be named, so all run in sessions") {
    for (const auto& refused : {done("ROLLBACK"), failing("23503")}) {
        auto origins = known();
        batch run(settings, {given(1), given(2)}, origins);
        serve_out(run, run.begin(now), answering("COMMIT", refused));
        CHECK_FALSE(run.committed());
        CHECK_FALSE(run.commit_in_doubt());
        CHECK(run.is_apart(0));
        CHECK(run.is_apart(1));
        CHECK_FALSE(run.write_at(0).doubtful);
        CHECK_FALSE(run.needs_reconnect());
    }
}

TEST_CASE("after an internal error at COMMIT the ledger is asked before a write runs again") {
    auto origins = known();
    batch run(settings, {given(1)}, origins);
    serve_out(run, run.begin(now), answering("COMMIT", failing("XX000")));
    CHECK(run.is_apart(0));
    CHECK(run.write_at(0).may_be_decided());
    CHECK_FALSE(run.needs_reconnect());
}

TEST_CASE("a refusing guard hands every write back as not_leader") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto undo =
        run.on_replies(served(run.begin(now), answering("SELECT penholder.guard", failing("PH001"))), now);
    REQUIRE(undo.has_value());
    CHECK_FALSE(run.on_replies(served(*undo), now).has_value());
    CHECK(run.fenced());
    CHECK(run.answer(0)->verdict == write_verdict::handed_back);
    CHECK(run.answer(0)->why == errc::not_leader);
}

TEST_CASE("a guard that waits too long for its lock costs a turn, one that fails otherwise costs the connection") {
    for (const auto* sqlstate : {"55P03", "57014"}) {
        auto origins = known();
        batch run(settings, {given(1)}, origins);
        serve_out(run, run.begin(now), answering("SELECT penholder.guard", failing(sqlstate)));
        CHECK_FALSE(run.answer(0).has_value());
        CHECK_FALSE(run.is_apart(0));
        CHECK_FALSE(run.needs_reconnect());
    }
    auto origins = known();
    batch run(settings, {given(1)}, origins);
    serve_out(run, run.begin(now), answering("SELECT penholder.guard", failing("25006")));
    CHECK_FALSE(run.is_apart(0));
    CHECK(run.needs_reconnect());
}

TEST_CASE("a failing write is answered by no batch, of whatever size: it is set apart and the others commit") {
    for (const std::string sqlstate :
         {"23505", "22P02", "0A000", "08006", "53400", "58030", "XX000", "57014", "40001"}) {
        auto origins = known();
        batch run(settings, {given(1), given(2, {}, "INSERT INTO broken"), given(3)}, origins);
        serve_out(run, run.begin(now), answering("INSERT INTO broken", failing(sqlstate)));
        INFO(sqlstate);
        CHECK(run.committed());
        CHECK(run.had_failures());
        CHECK(run.answer(0)->receipt.outcome == outcome::committed);
        CHECK(run.is_apart(1));
        CHECK_FALSE(run.answer(1).has_value());
        CHECK(run.write_at(1).trouble == trouble{sqlstate + ": refused", sqlstate});
        CHECK(run.answer(2)->receipt.outcome == outcome::committed);
        CHECK_FALSE(run.needs_reconnect());
    }
    auto origins = known();
    batch lone(settings, {given(1, {}, "INSERT INTO broken")}, origins);
    serve_out(lone, lone.begin(now), answering("INSERT INTO broken", failing("23505")));
    CHECK(lone.is_apart(0));
    CHECK_FALSE(lone.committed());
}

TEST_CASE("what affected other rows than it expects is set apart, and the others commit") {
    auto origins = known();
    batch run(settings, {given(1), given(2, 5), given(3)}, origins);
    serve_out(run, run.begin(now));
    CHECK(run.answer(0)->receipt.outcome == outcome::committed);
    CHECK(run.is_apart(1));
    CHECK(run.answer(2)->receipt.outcome == outcome::committed);
}

TEST_CASE("what returns more rows than a batch's round may bring is set apart, and the others commit") {
    auto origins = known();
    batch run(settings, {given(1), given(2, {}, "SELECT big"), given(3)}, origins);
    const auto first = run.begin(now);
    CHECK(run.rows_bound() == settings.max_receipt_bytes);
    serve_out(run, first, answering("SELECT big", too_large()));
    CHECK(run.committed());
    CHECK(run.is_apart(1));
    CHECK(run.answer(2)->receipt.outcome == outcome::committed);
}

TEST_CASE("answers of the ledger that are too many for a batch are read by sessions, one by one") {
    origin_cache origins;
    batch run(settings, {keyed("a"), keyed("b")}, origins);
    const auto first = run.begin(now);
    CHECK(run.rows_bound() > settings.max_receipt_bytes);
    serve_out(run, first, [](const command& one) {
        return one.sql.find("penholder.look_up") != std::string::npos ? std::optional(too_large()) : std::nullopt;
    });
    CHECK(run.is_apart(0));
    CHECK(run.is_apart(1));
}

TEST_CASE("where the ledger cannot be asked, sessions take the writes, and the batch says why") {
    origin_cache origins;
    batch run(settings, {keyed("a"), keyed("b")}, origins);
    serve_out(run, run.begin(now), answering("SELECT kind, id", failing("42501")));
    CHECK(run.is_apart(0));
    CHECK(run.is_apart(1));
    CHECK(run.own_trouble() == trouble{"42501: refused", "42501", purpose::look_up});
    CHECK_FALSE(run.needs_reconnect());
}

TEST_CASE("a connection lost before COMMIT leaves no doubt, and after it leaves doubt") {
    auto origins = known();
    batch early(settings, {given(1)}, origins);
    early.begin(now);
    early.on_lost();
    CHECK(early.was_lost());
    CHECK_FALSE(early.commit_in_doubt());
    CHECK_FALSE(early.write_at(0).doubtful);
    batch late(settings, {given(1)}, origins);
    late.on_replies(served(late.begin(now)), now);
    late.on_lost();
    CHECK(late.was_lost());
    CHECK(late.commit_in_doubt());
    CHECK(late.write_at(0).doubtful);
}

TEST_CASE("a server that ends the connection with its answer has run nothing behind that command") {
    auto origins = known();
    auto notes = counted_once();
    batch before(settings, {given(1)}, origins, &notes);
    CHECK_FALSE(before.on_replies(served(before.begin(now), answering("WITH", fatal("57P01"))), now).has_value());
    CHECK(before.was_lost());
    CHECK(before.needs_reconnect());
    CHECK_FALSE(before.write_at(0).doubtful);
    batch at_commit(settings, {given(1)}, origins, &notes);
    CHECK_FALSE(
        at_commit.on_replies(served(at_commit.begin(now), answering("COMMIT", fatal("57P01"))), now).has_value());
    CHECK(at_commit.write_at(0).doubtful);
    batch behind(settings, {given(1)}, origins, &notes);
    const auto ended = answering("SELECT pg_catalog.pg_current_wal_lsn", fatal("57P01"));
    CHECK_FALSE(behind.on_replies(served(behind.begin(now), ended), now).has_value());
    CHECK(behind.committed());
    CHECK(behind.needs_reconnect());
}

TEST_CASE("a failing write is left out and only what ran since the last savepoint runs again") {
    auto origins = known();
    auto wary = settings;
    wary.expect_failures = true;
    std::vector<queued_write> writes;
    for (std::uint64_t sequence = 1; sequence <= 40; ++sequence) writes.push_back(given(sequence));
    writes[20] = given(21, {}, "INSERT INTO broken");
    batch run(wary, std::move(writes), origins);
    const auto refuse = answering("INSERT INTO broken", failing("23505"));
    const auto second = run.on_replies(served(run.begin(now), refuse), now);
    REQUIRE(second.has_value());
    CHECK(second->front().sql == "ROLLBACK TO SAVEPOINT s2");
    CHECK(std::ranges::count(*second, plain_sql, &command::sql) == 23);
    serve_out(run, *second, refuse);
    CHECK(run.committed());
    CHECK(run.is_apart(20));
    CHECK(run.answer(19)->receipt.outcome == outcome::committed);
    CHECK(run.answer(39)->receipt.outcome == outcome::committed);
}

TEST_CASE("after two statements of a shape that held the batch up, the rest of that shape runs in sessions") {
    auto origins = known();
    std::vector<queued_write> writes;
    for (std::uint64_t sequence = 1; sequence <= 8; ++sequence) {
        writes.push_back(given(sequence, {}, sequence % 2 == 0 ? "UPDATE locked SET a = 1" : plain_sql));
    }
    batch run(settings, std::move(writes), origins);
    int waits = 0;
    serve_out(run, run.begin(now), [&](const command& one) {
        if (one.sql != "UPDATE locked SET a = 1") return std::optional<reply>();
        ++waits;
        return std::optional(failing("55P03"));
    });
    CHECK(waits == 2);
    CHECK(run.committed());
    for (std::size_t index = 0; index < 8; ++index) CHECK(run.is_apart(index) == (index % 2 == 1));
    REQUIRE(run.held_up().size() == 1);
    CHECK(run.held_up().begin()->second == 40ms);  // Twice the time for which a lock is waited for.
}

TEST_CASE("what ran before a savepoint is not set apart with its shape: it is in the transaction already") {
    auto origins = known();
    auto wary = settings;
    wary.expect_failures = true;
    std::vector<queued_write> writes;
    for (std::uint64_t sequence = 1; sequence <= 20; ++sequence) {
        writes.push_back(given(sequence, {}, "UPDATE busy SET a = 1"));
    }
    batch run(wary, std::move(writes), origins);
    int ran = 0;
    serve_out(run, run.begin(now), [&](const command& one) {
        const bool is_last_two = one.sql == "UPDATE busy SET a = 1" && ++ran > 18;
        return is_last_two ? std::optional(failing("55P03")) : std::nullopt;
    });
    CHECK(run.committed());
    for (std::size_t index = 0; index < 16; ++index) {
        CHECK_FALSE(run.is_apart(index));
        CHECK(run.answer(index)->receipt.outcome == outcome::committed);
    }
    for (std::size_t index = 16; index < 20; ++index) CHECK(run.is_apart(index));
}

TEST_CASE("a time that was cut by a batch-mate's deadline says nothing about the statement's shape") {
    auto origins = known();
    auto hurried = given(2);
    hurried.taken.deadline = now + 100ms;
    batch run(settings, {given(1, {}, "UPDATE slow SET a = 1"), std::move(hurried)}, origins);
    serve_out(run, run.begin(now), answering("UPDATE slow", failing("57014")));
    CHECK(run.is_apart(0));
    CHECK(run.held_up().empty());
    batch patient(settings, {given(1, {}, "UPDATE slow SET a = 1"), given(2)}, origins);
    serve_out(patient, patient.begin(now), answering("UPDATE slow", failing("57014")));
    CHECK(patient.held_up().begin()->second == 1000ms);
}

TEST_CASE("a lone plain write goes in one round with its record and COMMIT") {
    auto origins = known();
    auto notes = counted_once();
    batch run(settings, {given(1)}, origins, &notes);
    const auto only = run.begin(now);
    CHECK(holds(only, "COMMIT"));
    CHECK(holds(only, counted_statement(plain_sql, 0)));
    CHECK_FALSE(holds(only, plain_sql));
    CHECK_FALSE(run.on_replies(served(only), now).has_value());
    CHECK(run.committed());
    CHECK(run.answer(0)->receipt.statements.at(0).rows_affected == 1);
}

TEST_CASE("where the database counted other rows all is done anew, and the next time it is asked for those") {
    auto origins = known();
    auto notes = counted_once();
    batch run(settings, {given(1)}, origins, &notes);
    const auto second = run.on_replies(served(run.begin(now), answering("WITH", failing("22012"))), now);
    REQUIRE(second.has_value());
    CHECK(second->front().sql == "ROLLBACK");
    CHECK_FALSE(holds(*second, "COMMIT"));
    auto replies = served(*second);
    replies.back().result.rows_affected = 3;
    auto next = run.on_replies(std::move(replies), now);
    while (next) next = run.on_replies(served(*next), now);
    CHECK(run.answer(0)->receipt.statements.at(0).rows_affected == 3);
    CHECK(notes.of(plain_sql).rows == 3);
}

TEST_CASE("a statement that fails while it is counted runs as it was given before it is set apart") {
    auto origins = known();
    auto notes = counted_once();
    batch run(settings, {given(1)}, origins, &notes);
    const auto second = run.on_replies(served(run.begin(now), answering("WITH", failing("42P10"))), now);
    REQUIRE(second.has_value());
    CHECK(holds(*second, plain_sql));
    serve_out(run, *second);
    CHECK(run.committed());
    CHECK(run.answer(0)->receipt.outcome == outcome::committed);
}

TEST_CASE("a counted statement that waits too long for a lock holds the batch up once, not twice") {
    auto origins = known();
    auto notes = counted_once();
    notes.of("UPDATE locked SET a = 1").rows = 1;
    batch run(settings, {given(1, {}, "UPDATE locked SET a = 1"), given(2)}, origins, &notes);
    const auto second = run.on_replies(
        served(run.begin(now), answering("WITH penholder_counted AS (UPDATE locked", failing("55P03"))), now);
    REQUIRE(second.has_value());
    CHECK_FALSE(holds(*second, "UPDATE locked SET a = 1"));
    serve_out(run, *second);
    CHECK(run.committed());
    CHECK(run.is_apart(0));
    CHECK(run.held_up().begin()->second == 20ms);
    CHECK(run.answer(1)->receipt.outcome == outcome::committed);
}

TEST_CASE("a connection lost during the one round leaves doubt") {
    auto origins = known();
    auto notes = counted_once();
    batch run(settings, {given(1)}, origins, &notes);
    run.begin(now);
    run.on_lost();
    CHECK(run.commit_in_doubt());
    CHECK(run.write_at(0).doubtful);
}

TEST_CASE("a guard that refuses the one round hands the write back, and nothing was recorded") {
    auto origins = known();
    auto notes = counted_once();
    batch run(settings, {given(1)}, origins, &notes);
    serve_out(run, run.begin(now), answering("SELECT penholder.guard", failing("PH001")));
    CHECK(run.fenced());
    CHECK(run.answer(0)->why == errc::not_leader);
    CHECK(origins.begin()->second.answers() == 0);
}
