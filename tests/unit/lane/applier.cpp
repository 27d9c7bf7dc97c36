#include "lane/applier.hpp"

#include "leader_bench.hpp"
#include "ledger/receipt_bytes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

TEST_CASE("plain writes take the lane, others sessions, and both go on at once") {
    leader on;
    on.submit(given(1));
    on.submit(given(2, {}, call));
    on.submit(given(3, {}, call));
    on.begin();
    CHECK(on.sent(0, "BEGIN"));
    CHECK(on.sent(1, call));
    CHECK(on.sent(2, call));
    on.serve_all();
    CHECK(committed(on) == 3);
    CHECK(on.get().counters().batched_writes == 1);
    CHECK(on.get().counters().session_writes == 2);
    CHECK(on.get().counters().not_plain.at("volatile_function") == 2);
}

TEST_CASE("a write's id is held on either way until its answer") {
    leader on;
    on.submit(given(1));
    on.submit(given(2, {}, call));
    const auto lane_id = given(1).id();
    const auto session_id = given(2, {}, call).id();
    on.begin();
    CHECK(on.get().holds(lane_id));
    CHECK(on.get().holds(session_id));
    on.serve_all();
    CHECK(committed(on) == 2);
    CHECK_FALSE(on.get().holds(lane_id));
    CHECK_FALSE(on.get().holds(session_id));
}

namespace {

constexpr auto unjudged = "DELETE FROM t";

}  // namespace

TEST_CASE("writes of which nobody knows what they are wait for that, and take the lane together when they are plain") {
    leader on;
    for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) on.submit(given(sequence, {}, unjudged));
    on.begin();
    CHECK(on.is_silent());
    on.judge(unjudged, plain());
    on.begin();
    CHECK(on.sent(0, "BEGIN"));
    on.serve_all();
    CHECK(committed(on) == 3);
    CHECK(on.get().counters().batched_writes == 3);
    CHECK(on.get().counters().session_writes == 0);
}

TEST_CASE("writes that turn out not to be plain take sessions when that is known") {
    leader on;
    on.submit(given(1, {}, unjudged));
    on.begin();
    on.judge(unjudged, not_plain("rules"));
    on.begin();
    CHECK(on.sent(1, unjudged));
    on.serve_all();
    CHECK(committed(on) == 1);
    CHECK(on.get().counters().not_plain.at("rules") == 1);
    CHECK_FALSE(on.get().counters().not_plain.contains("not_judged_yet"));
}

TEST_CASE("a write that nobody judges in time takes a session, and those after it the lane when it is known") {
    leader on;
    on.submit(given(1, {}, unjudged));
    on.at += longest_judging - 1ms;
    on.begin();
    CHECK(on.is_silent());
    on.at += 1ms;
    on.begin();
    CHECK(on.sent(1, unjudged));
    on.judge(unjudged, plain());
    on.submit(given(2, {}, unjudged));
    on.begin();
    CHECK(on.sent(0, "BEGIN"));
    on.serve_all();
    CHECK(committed(on) == 2);
    CHECK(on.get().counters().not_plain.at("not_judged_yet") == 1);
}

TEST_CASE("a write that nobody has judged runs in a session that is free") {
    leader on;
    on.submit(given(1, {}, call));
    on.begin();
    on.serve_all();
    on.submit(given(2, {}, unjudged));
    on.begin();
    CHECK(on.sent(1, unjudged));
    on.serve_all();
    CHECK(committed(on) == 2);
}

TEST_CASE("after a change of the catalogue what waits goes on when the lane has seen it") {
    leader on;
    on.submit(given(1, {}, call));
    on.begin();
    on.judge(plain_sql, plain({}, {stamp.value + 1}));
    on.submit(given(2));
    on.begin();
    CHECK_FALSE(on.sent(0, "BEGIN"));
    on.connect({stamp.value + 1});
    on.begin();
    CHECK(on.sent(0, "BEGIN"));
    on.serve_all();
    CHECK(committed(on) == 2);
}

TEST_CASE("a server that another has left behind gets nothing more on either way, and what was under way goes on") {
    leader on;
    on.submit(given(1, {}, call));
    on.submit(given(2));
    on.begin();
    CHECK(on.sent(0, "BEGIN"));
    CHECK(on.sent(1, call));
    on.leave_behind();
    CHECK(on.is_silent());
    CHECK(on.get().state() == lane_state::connecting);
    on.connect();
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 2);
}

TEST_CASE("what is rejected in a batch for its company runs again in a session, and its answer is that one's") {
    // A name taken, a time shared as a key, objects in use: gone when the write is alone.
    for (const std::string sqlstate : {"42P07", "23505", "55006"}) {
        leader on;
        on.judge("INSERT INTO t (a) VALUES (1)", plain());
        for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
            on.submit(given(sequence, {}, "INSERT INTO t (a) VALUES (1)"));
        }
        on.begin();
        int in_lane = 0;
        while (!on.rounds[0].empty()) {
            on.serve(0, [&](const command& one) {
                const bool is_second = one.sql.starts_with("INSERT") && ++in_lane == 2;
                return is_second ? std::optional(failing(sqlstate)) : std::nullopt;
            });
        }
        CHECK(committed(on) == 2);
        CHECK(count(on, outcome::rejected) == 0);
        on.begin();
        CHECK(on.sent(1, "INSERT INTO t"));
        on.serve_all();
        CHECK(committed(on) == 3);
    }
}

TEST_CASE("what is rejected alone too is answered with its own SQLSTATE") {
    leader on;
    on.submit(given(1));
    on.submit(given(2));
    on.begin();
    on.serve_all(answering(plain_sql, failing("22003")));
    CHECK(count(on, outcome::rejected) == 2);
    for (const auto& one : on.answers) CHECK(one.said.receipt.why->sqlstate == "22003");
    CHECK(on.get().state() == lane_state::open);
    CHECK(on.get().counters().connects == 1);
}

TEST_CASE("nothing is under way before the lane's first connection has raised the fence") {
    applier fresh(small_batches(), {"g", {7}, "n", "n:1", {}});
    fresh.start();
    fresh.submit(given(1, {}, call).taken, now);
    for (const auto& one : fresh.begin(now)) {
        CHECK_FALSE(std::holds_alternative<action::send>(one));
        CHECK_FALSE(std::holds_alternative<action::connect>(one));
    }
    fresh.connected({0}, seen(), now);
    bool connects = false;
    for (const auto& one : fresh.begin(now + longest_judging)) {
        const auto* made = std::get_if<action::connect>(&one);
        connects = connects || (made != nullptr && made->which == connection_id{1});
    }
    CHECK(connects);
}

TEST_CASE("sessions go on while the lane is connected again, and the lane while sessions have no connection") {
    leader on;
    on.lose();
    on.submit(given(1, {}, call));
    on.submit(given(2));
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 1);
    CHECK(on.get().state() == lane_state::connecting);
    on.connect();
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 2);
    leader second;
    second.sessions_connect = false;
    second.submit(given(1, {}, call));
    second.submit(given(2));
    second.begin();
    second.serve_all();
    CHECK(committed(second) == 1);
}

TEST_CASE("a batch that finds another catalogue commits nothing; the lane connects afresh at once, and asks again") {
    leader on;
    on.submit(1);
    on.begin();
    on.news.clear();
    while (!on.rounds[0].empty()) on.serve(0, answering("SELECT penholder.check_catalogue", failing("PH002")));
    CHECK(on.news == std::vector<std::string>{"catalogue_changed", "connect"});
    CHECK(on.answers.empty());
    CHECK(on.get().counters().catalogue_changes == 1);
    on.connect({6});
    on.begin();
    CHECK(on.is_silent());  // The write waits until it is known what it is now.
    on.judge(plain_sql, plain({}, {6}));
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 1);
    CHECK(on.get().counters().session_writes == 0);
}

TEST_CASE("a judgement under a newer catalogue renews the lane after the batch under way, which checks for itself") {
    leader on;
    on.submit(1);
    on.begin();
    on.news.clear();
    on.judge("DELETE FROM t", plain({}, {6}));
    CHECK(on.news == std::vector<std::string>{"catalogue_changed"});
    on.submit(2);
    on.begin();
    while (!on.rounds[0].empty()) on.serve();
    CHECK(committed(on) == 1);
    CHECK(on.news.back() == "connect");
    CHECK(on.get().counters().catalogue_changes == 1);
    on.connect({6});
    on.judge(plain_sql, plain({}, {6}));
    on.submit(given(3, {}, "DELETE FROM t"));
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 3);
}

TEST_CASE("facts from before a lost connection are worth nothing where the catalogue changed meanwhile") {
    leader on;
    on.lose();
    on.submit(1);
    on.connect({6});
    on.begin();
    CHECK_FALSE(on.sent(0, "BEGIN"));
    auto says = not_plain("trigger");
    says->as_of = {6};
    on.judge(plain_sql, says);
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 1);
    CHECK(on.get().counters().session_writes == 1);
    CHECK(on.get().counters().batches == 0);
}

TEST_CASE("without a stamp in the database every write takes a session") {
    leader on;
    on.lose();
    on.connect({0});
    on.submit(1);
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 1);
    CHECK(on.get().counters().not_plain.at("no_catalogue_stamp") == 1);
}

TEST_CASE("an id is under way once, on whichever way") {
    leader on;
    on.submit(given(1, {}, call));
    on.begin();
    on.submit(given(1));
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.verdict == write_verdict::in_flight);
    on.submit(given(2));
    on.submit(given(2, {}, call));
    CHECK(count(on, write_verdict::in_flight) == 2);
    on.serve_all();
    CHECK(committed(on) == 2);
}

TEST_CASE("a node's id that was decided by a session is answered by the lane from the session's row") {
    leader on;
    auto retried = given(1);
    retried.taken.again = true;
    on.submit(std::move(retried));
    on.begin();
    REQUIRE(on.sent(0, "SELECT kind, id"));
    auto found = done("SELECT 1");
    found.result.rows = {
        {"k", "~" + origin + ".1", "", penholder::ledger::to_bytes({"", outcome::committed, 6, 0, false, {}, {}})}};
    while (!on.rounds[0].empty()) on.serve(0, answering("SELECT kind, id", found));
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.receipt.replayed);
    CHECK(on.answers[0].said.receipt.term == 6);
}

TEST_CASE("a node's id that was decided by the lane is answered by a session from its origin's row") {
    leader on;
    auto retried = given(1, {}, call);
    retried.taken.again = true;
    on.submit(std::move(retried));
    on.begin();
    REQUIRE(on.sent(1, "SELECT kind, id"));
    penholder::ledger::origin_ledger kept;
    kept.add(1, penholder::ledger::to_bytes({"", outcome::committed, 6, 0, false, {}, {}}));
    auto found = done("SELECT 1");
    found.result.rows = {{"o", origin, std::nullopt, kept.bytes()}};
    on.serve(1, answering("SELECT kind, id", found));
    CHECK_FALSE(on.sent(1, call));
    on.serve_all();
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.receipt.replayed);
}

TEST_CASE("an id that a session left in doubt never takes the lane, where nothing would keep both from committing") {
    leader on;
    on.judge(call, not_plain("volatile_function"));
    on.submit(given(1, {}, call));
    on.begin();
    on.serve(1);
    REQUIRE(on.sent(1, "COMMIT"));
    on.at += 6s;
    on.begin();
    REQUIRE(count(on, write_verdict::in_doubt) == 1);
    on.judge(call, plain());
    auto retried = given(1, {}, call);
    retried.taken.again = true;
    retried.taken.deadline = on.at + 5s;
    on.submit(std::move(retried));
    on.begin();
    CHECK_FALSE(on.sent(0, "BEGIN"));
    CHECK((on.sent(1, "SELECT kind, id") || on.sent(2, "SELECT kind, id")));
    CHECK(on.get().counters().not_plain.at("left_in_doubt") == 1);
}

TEST_CASE("an id whose COMMIT the lane has lost takes no session before the lane has raised the fence again") {
    leader on;
    on.submit(1);
    on.begin();
    on.serve();
    on.serve();
    REQUIRE(on.sent(0, "COMMIT"));
    on.lose();
    on.at += 6s;
    on.begin();
    REQUIRE(count(on, write_verdict::in_doubt) == 1);
    auto retried = given(1);
    retried.taken.again = true;
    retried.taken.deadline = on.at + 5s;
    on.submit(std::move(retried));
    on.begin();
    CHECK(on.is_silent());
    on.connect();
    on.begin();
    CHECK_FALSE(on.is_silent());
}
