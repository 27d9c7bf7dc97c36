#include "lane/batcher.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

group_options batches_of_four() {
    group_options group;
    group.name = "g";
    group.batch_max_writes = 4;
    group.statement_timeout_max_ms = 1000;
    return group;
}

/// A batcher with an open connection, whose server answers when it is told to. All its writes are plain.
class batcher_on_a_table {
public:
    batcher_on_a_table() {
        shapes_.seen(stamp);
        run_.connected(stamp);
        judge(plain_sql);
        collect();
    }
    void judge(const std::string& sql, result<sql::judgement> what = plain()) {
        shapes_.judged(keyed("k", sql).taken.what.shapes().front(), std::move(what), at);
    }
    void submit(queued_write one) {
        taken_.take(one);
        run_.add(std::move(one), at);
    }
    void begin() {
        out_.woke(at);
        run_.begin(at);
        collect();
    }
    std::optional<batcher::ended> serve(const refuser& refuse = {}) {
        collect();
        const auto sent = std::move(rounds.front());
        rounds.pop_front();
        auto ended = run_.replied(served(sent, refuse), at);
        collect();
        return ended;
    }
    void serve_all(const refuser& refuse = {}) {
        while (!rounds.empty()) serve(refuse);
    }
    batcher& run() { return run_; }
    plain_shapes& shapes() { return shapes_; }
    const lane_counters& counters() const { return counters_; }

    void collect() {
        for (auto& one : out_.take()) {
            if (auto* sent = std::get_if<action::send>(&one)) rounds.push_back(std::move(sent->commands));
            if (auto* all = std::get_if<action::answers>(&one)) {
                for (auto& each : all->all) answers.push_back(std::move(each));
            }
        }
        for (auto& one : run_.take_apart()) apart.push_back(std::move(one));
    }

    std::chrono::steady_clock::time_point at = now;
    std::deque<penholder::lane::round> rounds;
    std::vector<lane_answer> answers;
    std::vector<batcher::set_apart> apart;

private:
    group_options group_ = batches_of_four();
    lane_outbox out_;
    lane_counters counters_;
    intake taken_{out_, counters_};
    plain_shapes shapes_{out_};
    batcher run_{group_, {7}, {out_, counters_, taken_, shapes_}};
};

auto failing_at(const std::string& begin, const std::string& sqlstate) {
    return answering(begin, failing(sqlstate));
}

}  // namespace

TEST_CASE("batches and the writes in them are counted") {
    batcher_on_a_table table;
    for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) table.submit(given(sequence));
    table.begin();
    table.serve_all();
    CHECK(table.counters().batches == 1);
    CHECK(table.counters().batched_writes == 3);
    CHECK(table.counters().committed == 3);
}

TEST_CASE("the lane's statements are given little time, and less for a lock") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.begin();
    const auto& guarding = table.rounds.front().at(1);
    REQUIRE(guarding.sql.starts_with("SELECT penholder.guard"));
    CHECK(guarding.params == std::vector<parameter>{"g", "7", "0", "250", "20"});
}

TEST_CASE("a write that failed in a batch is set apart, and its savepoints' batch is counted") {
    batcher_on_a_table table;
    table.judge("INSERT INTO broken");
    table.submit(given(1));
    table.submit(given(2, {}, "INSERT INTO broken"));
    table.begin();
    table.serve_all(failing_at("INSERT INTO broken", "23505"));
    REQUIRE(table.apart.size() == 1);
    CHECK(table.apart[0].one.id() == given(2).id());
    CHECK(table.apart[0].why == "failed_in_batch");
    CHECK(table.answers.size() == 1);
    CHECK(table.counters().committed == 1);
    CHECK(table.counters().rejected == 0);
    CHECK(table.counters().batched_writes == 1);
    CHECK(table.counters().savepoint_batches == 1);
}

TEST_CASE("a batch takes what is plain when it begins, whatever it was when it came") {
    batcher_on_a_table table;
    table.judge("DELETE FROM t");
    table.submit(given(1));
    table.submit(given(2, {}, "DELETE FROM t"));
    table.shapes().drop();
    table.begin();
    CHECK(table.rounds.empty());
    table.shapes().seen({6});
    table.judge(plain_sql, plain({}, {6}));
    table.begin();
    CHECK(table.run().in_flight() == 1);
    CHECK(table.run().queued() == 1);  // Nobody knows yet what it is under that catalogue.
    table.serve_all();
    auto says = not_plain("trigger");
    says->as_of = {6};
    table.judge("DELETE FROM t", says);
    table.begin();
    REQUIRE(table.apart.size() == 1);
    CHECK(table.apart[0].why == "trigger");
    CHECK(table.run().queued() == 0);
}

TEST_CASE("a batch checks for the catalogue that the lane's connection has seen") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.begin();
    table.serve();  // What the ledger knows.
    const auto second = [&] {
        while (!begins_one(table.rounds.front(), "SELECT penholder.check_catalogue")) table.serve();
        return table.rounds.front();
    }();
    const auto check = std::ranges::find_if(
        second, [](const auto& one) { return one.sql.starts_with("SELECT penholder.check_catalogue"); });
    CHECK(check->params == std::vector<parameter>{"5"});
    const auto ended = [&] {
        auto last = table.serve(failing_at("SELECT penholder.check_catalogue", "PH002"));
        while (!last) last = table.serve();
        return *last;
    }();
    CHECK(ended.stale);
    CHECK_FALSE(ended.needs_reconnect);
    CHECK(table.run().queued() == 1);
    CHECK(table.answers.empty());
}

TEST_CASE("a write whose batch was lost waits in the lane again, and the second time goes to a session as a suspect") {
    batcher_on_a_table table;
    table.submit(given(1));
    for (int time = 1; time <= 2; ++time) {
        table.begin();
        table.serve();  // The look-up: until then nothing of the write's has run.
        REQUIRE(table.rounds.size() == 1);
        table.run().lost(table.at);
        table.collect();
        CHECK(table.apart.empty());
        CHECK(table.run().queued() == 1);
        table.rounds.clear();
    }
    table.begin();  // Called when there is a connection again, so what was lost is over.
    CHECK(table.rounds.empty());
    REQUIRE(table.apart.size() == 1);
    CHECK(table.apart[0].one.suspect);
    CHECK(table.apart[0].why == "lost_connections");
}

TEST_CASE("statements of a shape that held several batches up are set apart when the next one begins") {
    batcher_on_a_table table;
    table.judge("UPDATE locked SET a = 1");
    for (std::uint64_t sequence = 1; sequence <= 20; ++sequence) {
        table.submit(given(sequence, {}, "UPDATE locked SET a = 1"));
    }
    int waits = 0;
    for (int turn = 0; turn < 9 && table.run().queued() > 0; ++turn) {
        table.begin();
        table.serve_all([&](const command& one) {
            if (!one.sql.starts_with("UPDATE locked") && !one.sql.starts_with("WITH")) return std::optional<reply>();
            ++waits;
            return std::optional(failing("55P03"));
        });
    }
    CHECK(table.apart.size() == 20);
    CHECK(table.apart.back().why == "held_the_lane_up");
    CHECK(table.run().queued() == 0);
    CHECK(waits == 6);  // Of 20 ms each, two in a batch, when 100 ms of a second are too much.
}

TEST_CASE("writes of a batch whose guard had to wait pause, and longer each time") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.begin();
    for (const auto pause : {5ms, 10ms, 20ms}) {
        table.serve_all(failing_at("SELECT penholder.guard", "55P03"));
        CHECK(table.run().due() == table.at + pause);
        table.begin();
        CHECK(table.rounds.empty());
        table.at += pause;
        table.run().expire({}, table.at);
        table.begin();
        REQUIRE_FALSE(table.rounds.empty());
    }
}

TEST_CASE("a write whose COMMIT went unanswered is never handed back afterwards: its outcome is unknown") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.begin();
    table.serve();  // What the ledger knows.
    table.serve();  // The statement.
    REQUIRE(holds(table.rounds.front(), "COMMIT"));
    table.run().lost(table.at);
    table.collect();
    CHECK(table.answers.empty());
    table.run().hand_back_queue(errc::not_leader, "closed");
    table.collect();
    REQUIRE(table.answers.size() == 1);
    CHECK(table.answers[0].said.verdict == write_verdict::in_doubt);
    CHECK(table.answers[0].said.why == errc::outcome_unknown);
    CHECK(table.counters().in_doubt == 1);
}

TEST_CASE("a batch has had its time when its last deadline and the longest time of a statement are over") {
    batcher_on_a_table table;
    table.submit(given(1));  // 5 seconds
    table.begin();
    CHECK(table.run().limit() == now + 5s + 1s);
    CHECK(table.run().last_round() == 1);
}

TEST_CASE("a guard that refuses says so when its transaction is rolled back, and hands the writes back") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.begin();
    CHECK_FALSE(table.serve(failing_at("SELECT penholder.guard", "PH001")).has_value());
    const auto ended = table.serve();
    REQUIRE(ended.has_value());
    CHECK(ended->fenced);
    REQUIRE(table.answers.size() == 1);
    CHECK(table.answers[0].said.why == errc::not_leader);
}

TEST_CASE("what is too late is answered with what the lane was waiting for") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.run().expire({"57P03: the server is starting up", "57P03"}, now + 6s);
    table.collect();
    REQUIRE(table.answers.size() == 1);
    CHECK(table.answers[0].said.why == errc::deadline_expired);
    CHECK(table.answers[0].said.message.ends_with("before the write was applied: 57P03: the server is starting up"));
    CHECK(table.answers[0].said.sqlstate == "57P03");
}

TEST_CASE("a batcher that was stopped begins nothing") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.run().stop();
    table.begin();
    CHECK(table.rounds.empty());
    CHECK_FALSE(table.run().is_busy());
}
