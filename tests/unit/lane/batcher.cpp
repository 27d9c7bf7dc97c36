#include "lane/batcher.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

group_options small() {
    group_options group;
    group.name = "g";
    group.batch_max_writes = 4;
    group.statement_timeout_max_ms = 1000;
    return group;
}

/// A batcher with an open connection, whose server answers when it is told to.
class batcher_on_a_table {
public:
    void submit(queued_write one) { run_.submit(std::move(one.taken), at); }
    void begin() {
        out_.woke(at);
        run_.begin(at);
        collect();
    }
    std::optional<batcher::ended> serve(const std::function<std::optional<reply>(const command&)>& refuse = {}) {
        collect();
        const auto sent = std::move(rounds.front());
        rounds.pop_front();
        auto ended = run_.replied(served(sent, refuse), at);
        collect();
        return ended;
    }
    batcher& run() { return run_; }
    const lane_counters& counters() const { return counters_; }

    void collect() {
        for (auto& one : out_.take()) {
            if (auto* sent = std::get_if<action::send>(&one)) rounds.push_back(std::move(sent->commands));
            if (std::holds_alternative<action::first_commit>(one)) ++first_commits;
            if (auto* all = std::get_if<action::answers>(&one)) {
                for (auto& each : all->all) answers.push_back(std::move(each));
            }
        }
    }

    std::chrono::steady_clock::time_point at = now;
    std::deque<penholder::lane::round> rounds;
    std::vector<lane_answer> answers;
    int first_commits = 0;

private:
    group_options group_ = small();
    lane_outbox out_;
    lane_counters counters_;
    batcher run_{group_, {7}, out_, counters_};
};

auto failing_at(const std::string& begin, const std::string& sqlstate) {
    return [begin, sqlstate](const command& one) {
        return one.sql.starts_with(begin) ? std::optional(failing(sqlstate)) : std::nullopt;
    };
}

}  // namespace

TEST_CASE("the first commit of a lane is told once") {
    batcher_on_a_table table;
    for (std::uint64_t sequence = 1; sequence <= 2; ++sequence) {
        table.submit(given(sequence));
        table.begin();
        while (!table.rounds.empty()) table.serve();
    }
    CHECK(table.first_commits == 1);
    CHECK(table.counters().batches == 2);
    CHECK(table.counters().batched_writes == 2);
    CHECK(table.counters().committed == 2);
}

TEST_CASE("a write that clashed with another transaction pauses, and longer each time") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.begin();
    table.serve();  // What the ledger knows.
    for (const auto pause : {5ms, 10ms, 20ms}) {
        const auto conflict = failing_at("UPDATE", "40001");
        while (!table.rounds.empty()) table.serve(conflict);
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
    table.run().expire("the server is down", now + 6s);
    table.collect();
    REQUIRE(table.answers.size() == 1);
    CHECK(table.answers[0].said.why == errc::deadline_expired);
    CHECK(table.answers[0].said.message.ends_with("before the write was applied: the server is down"));
}

TEST_CASE("a batcher that was stopped begins nothing") {
    batcher_on_a_table table;
    table.submit(given(1));
    table.run().stop();
    table.begin();
    CHECK(table.rounds.empty());
    CHECK_FALSE(table.run().is_busy());
}
