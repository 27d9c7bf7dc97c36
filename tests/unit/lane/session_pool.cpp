#include "lane/session_pool.hpp"

#include "pool_bench.hpp"
#include "transaction_bench.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

TEST_CASE("connections are made when writes wait for them, one for each, up to the bound; the others queue") {
    pool_bench on;
    for (std::uint64_t sequence = 1; sequence <= 6; ++sequence) on.submit(numbered(sequence));
    CHECK(on.connects == std::vector<int>{1, 2, 3, 4});
    CHECK(on.running(call) == 4);
    CHECK(on.pool.in_flight() == 4);
    CHECK(on.pool.queued() == 2);
    CHECK(on.counters().sessions_open == 4);
}

TEST_CASE("one write with a large answer runs at a time, and others beside it") {
    pool_bench on;
    const std::string small = "SELECT g()";
    on.judge(call, not_plain("volatile_function"));
    on.judge(small, not_plain("volatile_function"));
    auto large = failing("");
    large.too_large = true;
    for (std::uint64_t number = 1; number <= 4; ++number) on.submit(numbered(number));
    for (int which = 1; which <= 4; ++which) {
        on.serve(which, answering(call, large));
        on.serve(which);  // ROLLBACK.
        on.serve(which);  // DISCARD ALL.
    }
    CHECK(on.running(call) == 1);
    on.submit(numbered(5));
    on.submit(numbered(6, small));
    CHECK(on.running(call) == 1);
    CHECK(on.running(small) == 1);
    CHECK(on.answers.empty());
    for (int times = 0; times < 9; ++times) {
        for (int which = 1; which <= 4; ++which) on.serve_out(which);
    }
    CHECK(on.answers.size() == 6);
}

TEST_CASE("where a command of ours fails without the write's statements too, the write waits for another turn") {
    pool_bench on;
    on.judge(call, not_plain("system_column", sql::residue::nothing));
    std::uint64_t number = 0;
    for (const auto* ours : {"SELECT penholder.record", "SELECT penholder.check_catalogue"}) {
        on.submit(numbered(++number));
        on.serve(1);
        const auto sent = on.rounds.at(1);
        on.serve(1, answering(ours, failing("42501")));
        CHECK(holds(on.rounds.at(1), "SAVEPOINT penholder_probe"));
        const auto begins = [&](const command& one) { return one.sql.starts_with(ours); };
        CHECK(std::ranges::find_if(on.rounds.at(1), begins)->params == std::ranges::find_if(sent, begins)->params);
        on.serve(1, answering(ours, failing("42501")));
        on.serve_out(1);
        CHECK(on.answers.size() == number - 1);
        on.at += 1s;
        on.begin();
        on.serve_out(1);
        REQUIRE(on.answers.size() == number);
        CHECK(on.answers.back().said.receipt.outcome == outcome::committed);
    }
}

TEST_CASE("a session that was idle for a minute is closed") {
    pool_bench on;
    on.judge(call, not_plain("volatile_function"));
    on.submit(numbered(1));
    on.serve_out(1);
    on.at += 59s;
    on.begin();
    CHECK(on.disconnects.empty());
    CHECK(on.pool.due() == on.at + 1s);
    on.at += 1s;
    on.begin();
    CHECK(on.disconnects == std::vector<int>{1});
    CHECK(on.pool.due() == session_pool::time_point::max());
}

TEST_CASE("a session that cannot be made is tried again after a pause, for the writes that wait") {
    pool_bench on;
    on.is_down = true;
    on.submit(numbered(1));
    CHECK(on.pauses == std::vector<int>{1, 2, 3, 4});  // Each for the same write: one may have better luck.
    on.is_down = false;
    on.pool.reconnect({2});
    on.collect();
    on.begin();
    CHECK(on.rounds.contains(2));
    on.serve_out(2);
    CHECK(on.counters().committed == 1);
}

TEST_CASE("a write that ends its own connection runs twice, and then is rejected with what the server said") {
    pool_bench on;
    on.submit(numbered(1, "SELECT pg_terminate_backend(pg_backend_pid())"));
    int runs = 0;
    for (int turn = 0; turn < 10 && on.answers.empty(); ++turn) {
        REQUIRE_FALSE(on.rounds.empty());
        const auto which = on.rounds.begin()->first;
        const bool runs_it = begins_one(on.rounds.at(which), "SELECT pg_terminate_backend");
        runs += runs_it ? 1 : 0;
        on.serve(which, answering("SELECT pg_terminate_backend", fatal("57P01")));
    }
    CHECK(runs == 2);
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.receipt.outcome == outcome::rejected);
    CHECK(on.answers[0].said.receipt.why->code == errc::statement_failed);
    CHECK(on.answers[0].said.receipt.why->sqlstate == "57P01");
    CHECK(on.answers[0].said.receipt.why->message.find("ended twice") != std::string::npos);
    CHECK(on.counters().suspects_blamed == 1);
    CHECK(on.blamed == 1);
}

TEST_CASE("a crash makes suspects of all that ran; they run one at a time while others go on, and only one is blamed") {
    pool_bench on;
    on.submit(numbered(1, "SELECT crash()"));
    on.submit(numbered(2));
    on.submit(numbered(3));
    on.is_down = true;
    for (const int which : {1, 2, 3}) on.lose(which);
    on.is_down = false;
    for (const int which : {1, 2, 3, 4}) on.pool.reconnect({which});
    on.collect();
    on.begin();
    CHECK(on.pool.in_flight() == 1);
    on.submit(numbered(4, plain_sql));
    CHECK(on.running(plain_sql) == 1);
    CHECK(on.pool.in_flight() == 2);  // One suspect, and one that is none.
    for (int turn = 0; turn < 60 && on.answers.size() < 4; ++turn) {
        const auto guilty =
            std::ranges::find_if(on.rounds, [](const auto& one) { return holds(one.second, "SELECT crash()"); });
        if (guilty != on.rounds.end()) {
            on.lose(guilty->first);
        } else {
            on.serve(on.rounds.begin()->first);
        }
        CHECK(on.running("SELECT crash()") + on.running(call) <= 1);
    }
    CHECK(on.counters().committed == 3);
    CHECK(on.counters().rejected == 1);
    CHECK(on.counters().suspects_blamed == 1);
}

TEST_CASE("a key that was decided under another leader is looked up at once, and is no outage") {
    for (const auto* sqlstate : {"PH004", "23505"}) {
        CAPTURE(sqlstate);
        pool_bench on;
        auto one = keyed("k", call);
        one.taken.again = false;
        one.fingerprint.clear();
        on.submit(one);
        const auto* refused =
            sqlstate == std::string("PH004") ? "SELECT penholder.expect_new" : "SELECT penholder.record";
        for (int times = 0; on.answers.empty() && times < 20; ++times) {
            REQUIRE_FALSE(on.rounds.empty());
            const auto which = on.rounds.begin()->first;
            const bool looks_up = begins_one(on.rounds.at(which), "SELECT kind, id");
            on.serve(which, looks_up ? look_up_finds("k", outcome::committed) : answering(refused, failing(sqlstate)));
        }
        REQUIRE(on.answers.size() == 1);
        CHECK(on.outages == 0);
    }
}

TEST_CASE("a lost COMMIT is decided by what the ledger says on the next connection") {
    pool_bench on;
    on.submit(numbered(1));
    on.serve(1);
    REQUIRE(holds(on.rounds.at(1), "COMMIT"));
    on.lose(1);
    REQUIRE(on.rounds.size() == 1);
    CHECK_FALSE(on.running(call));
    CHECK(begins_one(on.rounds.begin()->second, "SELECT kind, id"));
    CHECK(on.answers.empty());
}

TEST_CASE("a lost COMMIT that nobody could ask about in time is in doubt, not handed back") {
    pool_bench on;
    on.submit(numbered(1));
    on.serve(1);
    on.is_down = true;
    on.lose(1);
    on.at += 5s;
    on.begin();
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.verdict == write_verdict::in_doubt);
    CHECK(on.answers[0].said.why == errc::outcome_unknown);
}

TEST_CASE("at its deadline a write that still runs is answered and its backend ended, whatever the write has set") {
    pool_bench on;
    on.submit(numbered(1));
    on.at += 5s;
    on.begin();
    CHECK(on.answers.empty());  // Its statement's own time ends now.
    CHECK(on.pool.due() == on.at + 50ms);
    on.at += 50ms;
    on.begin();
    CHECK(on.terminated == std::vector<int>{1});
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.verdict == write_verdict::handed_back);
    CHECK(on.answers[0].said.why == errc::deadline_expired);
    CHECK(on.pool.in_flight() == 0);
    auto next = numbered(2);
    next.taken.deadline = on.at + 5s;
    on.submit(std::move(next));
    on.serve_out(on.rounds.begin()->first);
    CHECK(on.counters().committed == 1);
}

TEST_CASE("at its deadline a write whose COMMIT was sent is in doubt") {
    pool_bench on;
    on.submit(numbered(1));
    on.serve(1);
    on.at += 6s;
    on.begin();
    CHECK(on.terminated == std::vector<int>{1});
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.verdict == write_verdict::in_doubt);
}

TEST_CASE("what waited too long is answered with the reason that is known, its own before the others'") {
    pool_bench on;
    on.is_down = true;
    on.submit(numbered(1));
    auto clashed = numbered(2);
    clashed.trouble = {"55P03: canceling statement due to lock timeout", "55P03"};
    on.submit(std::move(clashed));
    on.at += 5s;
    on.begin();
    REQUIRE(on.answers.size() == 2);
    CHECK(on.answers[0].said.why == errc::deadline_expired);
    CHECK(on.answers[0].said.message.ends_with(": refused"));
    CHECK(on.answers[1].said.message.find("55P03") != std::string::npos);
}

TEST_CASE("a write that clashed pauses, longer each time, and such writes leave half of the sessions to others") {
    pool_bench on;
    on.judge(call, not_plain("volatile_function"));
    const auto clash = answering(call, failing("55P03"));
    for (std::uint64_t sequence = 1; sequence <= 4; ++sequence) on.submit(numbered(sequence));
    for (int which = 1; which <= 4; ++which) on.serve_out(which, clash);
    CHECK(on.answers.empty());
    CHECK(on.pool.queued() == 4);
    CHECK(on.pool.in_flight() == 0);
    CHECK(on.pool.due() == now + 5ms);
    on.at += 5ms;
    on.begin();
    CHECK(on.pool.in_flight() == 2);
    on.submit(numbered(5));
    on.submit(numbered(6));
    CHECK(on.pool.in_flight() == 4);
    CHECK(on.pool.queued() == 2);
}

TEST_CASE("while the lane has no connection, an id of which an attempt in the lane may not be over waits") {
    pool_bench on;
    on.lane_is_open = false;
    auto retried = numbered(1);
    retried.taken.again = true;
    on.submit(std::move(retried));
    CHECK(on.rounds.empty());
    on.submit(numbered(2));
    on.submit(keyed("k", call));
    CHECK(on.pool.in_flight() == 2);
    on.lane_is_open = true;
    on.begin();
    CHECK(on.pool.in_flight() == 3);
}

TEST_CASE("a silent session whose server is dead is lost, one whose server is alive runs on until its deadline") {
    pool_bench on;
    on.submit(numbered(1));
    on.pool.silent({1});
    on.collect();
    REQUIRE(on.probes.size() == 1);
    on.pool.probed({1}, on.probes[0].asked_at, {}, on.at);
    CHECK(on.pool.in_flight() == 1);
    on.pool.probed({1}, on.probes[0].asked_at + 1, error{errc::database_unreachable, "dead"}, on.at);
    CHECK(on.pool.in_flight() == 1);  // That was about another round.
    on.pool.probed({1}, on.probes[0].asked_at, error{errc::database_unreachable, "dead"}, on.at);
    CHECK(on.pool.in_flight() == 0);
    CHECK(on.pool.queued() == 1);
}

TEST_CASE("a session that reads a newer term, or whose guard does, says so") {
    pool_bench on;
    on.is_down = true;
    on.submit(numbered(1));
    on.pool.reconnect({1});
    on.pool.begin(true, on.at);
    CHECK(on.pool.connected({1}, {{{"g", {8}, "m", "m:1", {}}, false}, stamp}, on.at).newer_term);
    pool_bench second;
    second.submit(numbered(1));
    const auto sent = second.rounds.at(1);
    const auto refused = served(sent, answering("SELECT penholder.guard", failing("PH001")));
    CHECK(second.pool.replied({1}, refused, now).newer_term);
}

TEST_CASE("a session that reads an older term waits until the lane has raised the fence again") {
    pool_bench on;
    on.is_down = true;
    on.submit(numbered(1));
    on.pool.reconnect({1});
    on.pool.begin(true, on.at);
    on.pauses.clear();
    CHECK_FALSE(on.pool.connected({1}, {{{"g", {6}, "m", "m:1", {}}, false}, stamp}, on.at).newer_term);
    on.collect();
    CHECK(on.rounds.empty());
    CHECK(on.pauses == std::vector<int>{1});
    on.is_down = false;
    on.pool.reconnect({1});
    on.begin();
    on.serve_out(1);
    CHECK(on.counters().committed == 1);
}

TEST_CASE("a write whose rejection may be recorded is in doubt, not handed back") {
    pool_bench on;
    on.submit(numbered(1));
    on.serve(1, answering(call, failing("23505")));
    SECTION("its term ends") {
        on.pool.shut();
    }
    SECTION("its deadline ends, and its connection was lost before") {
        on.is_down = true;
        on.lose(1);
        on.at = now + 5s;
        on.begin();
    }
    on.collect();
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.verdict == write_verdict::in_doubt);
}

TEST_CASE("when the pool is shut, what ran is handed back or in doubt, and its backends are ended") {
    pool_bench on;
    on.submit(numbered(1));
    on.submit(numbered(2));
    on.serve(2);
    on.pool.shut();
    on.collect();
    CHECK(on.terminated == std::vector<int>{1, 2});
    REQUIRE(on.answers.size() == 2);
    CHECK(on.answers[0].said.why == errc::not_leader);
    CHECK(on.answers[1].said.verdict == write_verdict::in_doubt);
    CHECK(on.counters().sessions_open == 0);
    CHECK_FALSE(on.pool.is_busy());
}

TEST_CASE("a stopped pool begins nothing, and hands back what would have another turn") {
    pool_bench on;
    on.submit(numbered(1));
    on.pool.stop();
    on.serve_out(1, answering(call, failing("40001")));
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.why == errc::not_leader);
    CHECK(on.disconnects == std::vector<int>{1});
    CHECK(on.rounds.empty());
}

TEST_CASE("late events of connections that are gone concern nobody") {
    pool_bench on;
    on.pool.lost({2}, {errc::database_unreachable, "gone"}, now);
    on.pool.reconnect({2});
    CHECK_FALSE(on.pool.replied({2}, {done("COMMIT")}, now).newer_term);
    CHECK_FALSE(on.pool.replied({99}, {done("COMMIT")}, now).newer_term);
    on.pool.silent({2});
    on.pool.probed({2}, 0, error{errc::database_unreachable, "dead"}, now);
    CHECK_FALSE(on.pool.connected({2}, {{{"g", {7}, "n", "n:1", {}}, false}, stamp}, now).newer_term);
    on.collect();
    CHECK(on.rounds.empty());
    CHECK(on.disconnects.empty());
    CHECK(on.pool.in_flight() == 0);
}
