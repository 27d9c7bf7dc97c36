#include "lane/applier.hpp"
#include "leader_bench.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

TEST_CASE("while many writes wait the next batch begins behind the COMMIT of the one before it") {
    leader on;
    fill(on);
    REQUIRE(on.rounds[0].size() == 2);
    CHECK(begins_one(on.rounds[0][0], "COMMIT"));
    CHECK(begins_one(on.rounds[0][1], "BEGIN"));
    CHECK_FALSE(begins_one(on.rounds[0][1], "COMMIT"));
    CHECK(on.get().in_flight() == 80);
    on.serve_all();
    CHECK(committed(on) == 120);
    CHECK(on.get().counters().batches == 3);
}

TEST_CASE("a batch whose predecessor did not commit is abandoned, and its writes run again") {
    leader on;
    fill(on);
    on.serve(0, answering("COMMIT", done("ROLLBACK")));
    REQUIRE(on.rounds[0].size() == 2);
    CHECK(begins_one(on.rounds[0][1], "ROLLBACK"));
    CHECK(on.get().in_flight() == 40);
    on.serve();  // The abandoned batch's answers: nobody heeds them.
    CHECK(on.rounds[0].size() == 1);
    on.serve_all();
    CHECK(committed(on) == 120);
    CHECK(on.answers.size() == 120);
    CHECK(on.get().counters().session_writes == 40);
}

TEST_CASE("few waiting writes do not split a batch") {
    leader on;
    for (std::uint64_t sequence = 1; sequence <= 60; ++sequence) on.submit(sequence);
    on.begin();
    on.serve();
    on.serve();
    CHECK(on.rounds[0].size() == 1);
    on.serve_all();
    CHECK(committed(on) == 60);
}

TEST_CASE("where a COMMIT takes long, the next batch waits a little for those who were just answered") {
    leader on;
    const auto one_after_the_other = [&](std::uint64_t first) {
        for (std::uint64_t sequence = first; sequence < first + 10; ++sequence) {
            auto one = given(sequence);
            one.taken.deadline = on.at + 5s;
            on.submit(std::move(one));
        }
        on.begin();
        while (!on.rounds[0].empty()) {
            on.at += begins_one(on.rounds[0].front(), "COMMIT") ? 8ms : 0ms;
            on.serve();
        }
    };
    one_after_the_other(1);
    one_after_the_other(11);  // Its statements went with a COMMIT of their own, behind what the ledger knows.
    for (std::uint64_t first = 21; first <= 200; first += 10) one_after_the_other(first);
    REQUIRE(on.answers.size() == 200);

    on.submit(201);
    on.begin();
    CHECK(on.is_silent());
    on.at += 3ms;
    on.begin();
    CHECK(on.get().in_flight() == 1);
    on.serve_all();

    for (std::uint64_t sequence = 202; sequence <= 211; ++sequence) on.submit(sequence);
    on.begin();
    CHECK(on.get().in_flight() == 10);
}

TEST_CASE("of two batches only the one whose COMMIT was sent is in doubt when the connection is lost") {
    leader on;
    fill(on);
    on.lose();
    CHECK(on.answers.empty());
    CHECK(on.get().queued() == 120);
    on.drain();
    CHECK(count(on, write_verdict::in_doubt) == 40);
    CHECK(on.answers.size() == 120);
}

TEST_CASE("draining finishes what is under way on both ways, hands back the rest, and says so once") {
    leader on;
    fill(on);
    for (std::uint64_t sequence = 201; sequence <= 205; ++sequence) on.submit(given(sequence, {}, call));
    on.begin();
    on.drain();
    CHECK(count(on, write_verdict::handed_back) == 40 + 3);
    CHECK_FALSE(on.drained);
    while (!on.rounds[0].empty()) on.serve();
    CHECK_FALSE(on.drained);  // Sessions are under way.
    on.serve_all();
    CHECK(on.drained);
    CHECK(on.get().state() == lane_state::closed);
    CHECK(committed(on) == 82);
    CHECK(on.answers.size() == 125);
}

TEST_CASE("draining waits for sessions also where the lane has no connection") {
    leader on;
    on.submit(given(1, {}, call));
    on.begin();
    on.drain();
    on.lose();
    CHECK_FALSE(on.drained);
    on.serve_all();
    CHECK(on.drained);
    CHECK(committed(on) == 1);
}

TEST_CASE("a write that fails in the last batch of a lane that is drained is handed back") {
    leader on;
    on.submit(1);
    on.begin();
    on.drain();
    on.serve_all(answering(plain_sql, failing("23505")));
    CHECK(on.drained);
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.why == errc::not_leader);
}

TEST_CASE("whichever way is fenced, all is over: nothing else is sent, and every write has its answer") {
    for (const int which : {0, 1}) {
        leader on;
        on.submit(1);
        on.submit(given(2, {}, call));
        on.submit(given(3, {}, call));
        on.begin();
        on.news.clear();
        on.serve(which, answering("SELECT penholder.guard", failing("PH001")));
        if (which == 0) on.serve();  // Its ROLLBACK.
        CHECK(on.news == std::vector<std::string>{"fenced"});
        CHECK(on.get().state() == lane_state::closed);
        CHECK(count(on, write_verdict::handed_back) == 3);
        CHECK(on.is_silent());
    }
}

TEST_CASE("a session that reads a newer term closes the lane too") {
    leader on;
    on.sessions_connect = false;
    on.submit(given(1, {}, call));
    on.begin();
    applier fresh(small_batches(), {"g", {7}, "n", "n:1", {}});
    fresh.start();
    fresh.connected({0}, seen(), now);
    fresh.submit(given(1, {}, call).taken, now);
    fresh.begin(now + longest_judging);
    bool fenced = false;
    for (const auto& one : fresh.connected({1}, seen(stamp, {8}), now)) {
        const auto* told = std::get_if<action::fenced>(&one);
        fenced = fenced || (told != nullptr && told->by && told->by->term == term{8});
    }
    CHECK(fenced);
    CHECK(fresh.state() == lane_state::closed);
}

TEST_CASE("a sweep goes before the next batch, and writes wait for it") {
    leader on;
    on.sweep();
    on.submit(1);
    on.begin();
    REQUIRE(on.rounds[0].size() == 1);
    CHECK(on.sent(0, "SELECT forgotten"));
    CHECK(on.get().in_flight() == 0);
    on.begin();
    CHECK(on.rounds[0].size() == 1);
    on.serve();
    on.begin();
    CHECK(on.get().in_flight() == 1);
    on.serve_all();
    CHECK(committed(on) == 1);
    CHECK(on.get().counters().batches == 1);
}

TEST_CASE("a sweep goes on step by step, between batches, until nothing is left") {
    leader on;
    auto forgot = done("SELECT 1");
    forgot.result.rows = {{std::to_string(sweep_pacing::step_keys), "17", "t"}};
    on.sweep();
    on.begin();
    on.at += 2ms;
    CHECK(on.sent(0, "SELECT penholder.tend_catalogue"));
    on.serve(0, answering("SELECT forgotten", forgot));
    on.begin();
    CHECK(on.rounds[0].empty());
    on.submit(1);
    on.begin();
    CHECK(on.get().in_flight() == 1);
    on.serve_all();
    on.at += 100ms;
    on.begin();
    CHECK(on.sent(0, "SELECT forgotten"));
    CHECK_FALSE(on.sent(0, "SELECT penholder.tend_catalogue"));
    on.serve();
    on.at += 1min;
    on.begin();
    CHECK(on.rounds[0].empty());
    CHECK(on.get().counters().ledger.forgotten == sweep_pacing::step_keys);
}

TEST_CASE("a sweep that fails is told, and the lane goes on") {
    leader on;
    on.sweep();
    on.begin();
    on.serve(0, answering("SELECT forgotten", failing("42501")));
    on.serve();
    CHECK(on.not_swept == std::vector<std::string>{"42501"});
    CHECK(on.get().sweep_trouble().find("42501") != std::string::npos);
    on.submit(1);
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 1);
}

TEST_CASE("a sweep that sees another catalogue has the lane take it up, though no batch runs") {
    leader on;
    auto other = done("SELECT 1");
    other.result.rows = {{std::to_string(stamp.value + 1)}};
    on.sweep();
    on.begin();
    on.serve(0, answering("SELECT penholder.catalogue_stamp", other));
    CHECK(on.get().counters().catalogue_changes == 1);
    CHECK(on.get().state() == lane_state::connecting);
}

TEST_CASE("a connection that is lost during a sweep costs no write") {
    leader on;
    on.sweep();
    on.submit(1);
    on.begin();
    on.lose();
    CHECK(on.answers.empty());
    CHECK(on.get().state() == lane_state::connecting);
    on.connect();
    on.begin();
    on.serve_all();
    CHECK(committed(on) == 1);
}

TEST_CASE("draining waits for a sweep, and says so once even where the connection is lost") {
    leader on;
    on.sweep();
    on.begin();
    on.drain();
    CHECK_FALSE(on.drained);
    on.lose();
    CHECK(on.drained);
    CHECK(on.get().state() == lane_state::closed);
}

TEST_CASE("a closed lane hands back what it is given") {
    leader on;
    on.drain();
    CHECK(on.drained);
    on.submit(1);
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.verdict == write_verdict::handed_back);
    CHECK(on.answers[0].said.why == errc::not_leader);
}

TEST_CASE("each way has a queue of its own, and the ids and bytes of both are counted together") {
    leader on;
    on.sessions_connect = false;
    for (std::uint64_t sequence = 1; sequence <= 8192; ++sequence) on.submit(given(sequence, {}, call));
    CHECK(on.answers.empty());
    on.submit(given(9000, {}, call));
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers[0].said.why == errc::overloaded);
    on.submit(given(9001));
    CHECK(on.answers.size() == 1);
}
