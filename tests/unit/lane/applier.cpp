#include "lane/applier.hpp"

#include "lane_fixture.hpp"
#include "ledger/receipt_bytes.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <map>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

const std::string call = "SELECT f()";

group_options small_batches() {
    group_options group;
    group.name = "g";
    group.batch_max_writes = 40;
    group.sessions_max = 2;
    return group;
}

opened seen(sql::catalogue_stamp as_of = stamp, term by = {7}) {
    return {{{"g", by, "n", "n:1", {}}, by == term{7}}, as_of};
}

/// An applier whose connections answer when they are told to. UPDATEs of the fixture are plain, calls are not.
class leader {
public:
    leader() {
        take(applier_.start());
        connect();
        judge(plain_sql, plain());
        judge(call, not_plain("volatile_function"));
    }

    void submit(queued_write one) { take(applier_.submit(std::move(one.taken), at)); }
    void submit(std::uint64_t sequence) { submit(given(sequence)); }
    void begin() { take(applier_.begin(at)); }

    /// Answers the oldest round of a connection.
    void serve(int which = 0, const refusal& refuse = {}) {
        REQUIRE_FALSE(rounds[which].empty());
        const auto sent = std::move(rounds[which].front());
        rounds[which].pop_front();
        take(applier_.replied({which}, served(sent, refuse), at));
    }
    bool is_silent() const {
        return std::ranges::all_of(rounds, [](const auto& one) { return one.second.empty(); });
    }
    void serve_all(const refusal& refuse = {}) {
        for (int times = 0; times < 1000 && !is_silent(); ++times) {
            for (auto& [which, waiting] : rounds) {
                if (!waiting.empty()) serve(which, refuse);
            }
            begin();
        }
    }
    void lose(int which = 0) { take(applier_.lost({which}, {errc::database_unreachable, "gone"}, at)); }
    void connect(sql::catalogue_stamp as_of = stamp) { take(applier_.connected({0}, seen(as_of), at)); }
    void judge(const std::string& sql, result<sql::judgement> what) {
        take(applier_.judged(keyed("k", sql).taken.what.shapes().front(), std::move(what), at));
    }
    void sweep() { take(applier_.sweep()); }
    void drain() { take(applier_.drain(at)); }
    void close() { take(applier_.close(at)); }

    bool sent(int which, const std::string& sql) {
        return std::ranges::any_of(rounds[which], [&](const auto& one) { return begins_one(one, sql); });
    }
    const applier& get() const { return applier_; }

    std::chrono::steady_clock::time_point at = now;
    std::map<int, std::deque<penholder::lane::round>> rounds;
    std::vector<lane_answer> answers;
    std::vector<std::string> news;
    bool drained = false;
    bool sessions_connect = true;

private:
    void take(lane_actions todo) {
        for (auto& one : todo) {
            if (auto* sent = std::get_if<action::send>(&one)) {
                rounds[sent->which.value].push_back(std::move(sent->commands));
            }
            if (auto* told = std::get_if<action::answers>(&one)) {
                for (auto& each : told->all) answers.push_back(std::move(each));
            }
            if (auto* gone = std::get_if<action::disconnect>(&one)) rounds[gone->which.value].clear();
            if (auto* ended = std::get_if<action::terminate>(&one)) rounds[ended->which.value].clear();
            if (auto* made = std::get_if<action::connect>(&one)) on_connect(made->which);
            if (std::holds_alternative<action::drained>(one)) drained = true;
            if (std::holds_alternative<action::fenced>(one)) news.emplace_back("fenced");
            if (std::holds_alternative<action::lost>(one)) news.emplace_back("lost");
            if (std::holds_alternative<action::catalogue_changed>(one)) news.emplace_back("catalogue_changed");
            if (std::holds_alternative<action::not_plain>(one)) news.emplace_back("not_plain");
        }
    }
    void on_connect(connection_id which) {
        if (which.is_lane()) {
            news.emplace_back("connect");
        } else if (sessions_connect) {
            take(applier_.connected(which, seen(), at));
            begin();
        }
    }

    applier applier_{small_batches(), {"g", {7}, "n", "n:1", {}}};
};

/// The first batch's COMMIT is under way, and the second batch behind it.
void fill(leader& lane) {
    for (std::uint64_t sequence = 1; sequence <= 120; ++sequence) lane.submit(sequence);
    lane.begin();
    lane.serve();  // What the ledger knows of the origin.
    lane.serve();  // The statements of the first batch.
}

std::size_t count(const leader& lane, outcome what) {
    return static_cast<std::size_t>(std::ranges::count_if(lane.answers, [&](const auto& one) {
        return one.said.verdict == write_verdict::decided && one.said.receipt.outcome == what;
    }));
}

std::size_t committed(const leader& lane) {
    return count(lane, outcome::committed);
}

std::size_t count(const leader& lane, write_verdict what) {
    return static_cast<std::size_t>(
        std::ranges::count_if(lane.answers, [&](const auto& one) { return one.said.verdict == what; }));
}

}  // namespace

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

TEST_CASE("a write of which nobody knows what it is takes a session at once, and the lane when it is known") {
    leader on;
    on.submit(given(1, {}, "DELETE FROM t"));
    on.begin();
    CHECK(on.sent(1, "DELETE FROM t"));
    on.judge("DELETE FROM t", plain());
    on.submit(given(2, {}, "DELETE FROM t"));
    on.begin();
    CHECK(on.sent(0, "BEGIN"));
    on.serve_all();
    CHECK(committed(on) == 2);
    CHECK(on.get().counters().not_plain.at("not_judged_yet") == 1);
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
    for (const auto& one : fresh.begin(now)) {
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
    fresh.begin(now);
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
    CHECK(on.sent(0, "SELECT penholder.sweep"));
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
