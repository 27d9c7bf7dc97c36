#include "lane/applier.hpp"

#include "write/write_check.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>

using namespace penholder::lane;
using namespace std::chrono_literals;
using penholder::outcome;
using penholder::write_verdict;

namespace {

penholder::group_options small_batches() {
    penholder::group_options group;
    group.name = "g";
    group.batch_max_writes = 40;
    return group;
}

/// An applier with a connection that answers when it is told to.
class lane_on_a_table {
public:
    lane_on_a_table() : applier_(small_batches(), {"g", {7}, "n", "n:1", {}}) {
        take(applier_.start());
        take(applier_.connected({{"g", {7}, "n", "n:1", {}}, true}, now));
    }

    void submit(std::uint64_t sequence) {
        auto what = std::make_shared<penholder::write>();
        what->add("UPDATE t SET a = a + 1");
        const penholder::origin_write_id id{"n.0000000000000001", sequence};
        take(applier_.submit({penholder::ticket{sequence}, check_.check(id, what).value(), {}, now + 5s}, now));
    }
    void begin() { take(applier_.begin(now)); }

    /// Answers the oldest round; COMMIT with this tag.
    void serve(const std::string& commit = "COMMIT") {
        const auto sent = std::move(rounds.front());
        rounds.pop_front();
        std::vector<reply> replies;
        for (const auto& one : sent) {
            reply made{.what = reply::kind::done, .tag = "UPDATE 1", .result = {}, .sqlstate = {}, .message = {}};
            made.result.rows_affected = 1;
            if (one.sql == "COMMIT") made.tag = commit;
            if (one.sql.starts_with("SELECT pg_catalog.pg_current_wal_lsn")) made.result.rows = {{"0/10"}};
            replies.push_back(std::move(made));
        }
        take(applier_.replied(std::move(replies), now));
    }
    void serve_all() {
        while (!rounds.empty()) {
            serve();
            begin();
        }
    }
    void lose() { take(applier_.lost({penholder::errc::database_unreachable, "gone"}, now)); }
    void connect() { take(applier_.connected({{"g", {7}, "n", "n:1", {}}, true}, now)); }
    void sweep() { take(applier_.sweep()); }
    void drain() { take(applier_.drain(now)); }

    bool holds(std::size_t round, const std::string& sql) const {
        return std::ranges::any_of(rounds.at(round), [&](const auto& one) { return one.sql.starts_with(sql); });
    }
    std::size_t writes_in(std::size_t round) const {
        return static_cast<std::size_t>(std::ranges::count(rounds.at(round), "UPDATE t SET a = a + 1", &command::sql));
    }
    const applier& get() const { return applier_; }

    std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
    std::deque<penholder::lane::round> rounds;
    std::vector<penholder::write_answer> answers;
    bool drained = false;

private:
    void take(lane_actions todo) {
        for (auto& one : todo) {
            if (auto* sent = std::get_if<action::send>(&one)) rounds.push_back(std::move(sent->commands));
            if (auto* told = std::get_if<action::answers>(&one)) {
                for (auto& each : told->all) answers.push_back(std::move(each.said));
            }
            if (std::holds_alternative<action::disconnect>(one)) rounds.clear();
            if (std::holds_alternative<action::drained>(one)) drained = true;
        }
    }

    penholder::write_check check_{1000};
    applier applier_;
};

/// The first batch's COMMIT is under way, and the second batch behind it.
void fill(lane_on_a_table& lane) {
    for (std::uint64_t sequence = 1; sequence <= 120; ++sequence) lane.submit(sequence);
    lane.begin();
    lane.serve();  // What the ledger knows of the origin.
    lane.serve();  // The statements of the first batch.
}

std::size_t committed(const lane_on_a_table& lane) {
    return static_cast<std::size_t>(std::ranges::count_if(lane.answers, [](const auto& one) {
        return one.verdict == write_verdict::decided && one.receipt.outcome == outcome::committed;
    }));
}

}  // namespace

TEST_CASE("while many writes wait the next batch begins behind the COMMIT of the one before it") {
    lane_on_a_table lane;
    fill(lane);
    REQUIRE(lane.rounds.size() == 2);
    CHECK(lane.holds(0, "COMMIT"));
    CHECK(lane.holds(1, "BEGIN"));
    CHECK_FALSE(lane.holds(1, "COMMIT"));
    CHECK(lane.get().in_flight() == 80);
    lane.serve_all();
    CHECK(committed(lane) == 120);
    CHECK(lane.get().counters().batches == 3);
}

TEST_CASE("a batch whose predecessor did not commit is abandoned and runs again after it") {
    lane_on_a_table lane;
    fill(lane);
    lane.serve("ROLLBACK");
    REQUIRE(lane.rounds.size() == 2);
    CHECK(lane.holds(1, "ROLLBACK"));
    CHECK(lane.get().in_flight() == 40);
    lane.serve();  // The abandoned batch's answers: nobody heeds them.
    CHECK(lane.rounds.size() == 1);
    lane.serve_all();
    CHECK(committed(lane) == 120);
    CHECK(lane.answers.size() == 120);
}

TEST_CASE("few waiting writes do not split a batch") {
    lane_on_a_table lane;
    for (std::uint64_t sequence = 1; sequence <= 60; ++sequence) lane.submit(sequence);
    lane.begin();
    lane.serve();
    lane.serve();
    CHECK(lane.rounds.size() == 1);
    lane.serve_all();
    CHECK(committed(lane) == 60);
}

TEST_CASE("where a COMMIT takes long, the next batch waits a little for those who were just answered") {
    lane_on_a_table lane;
    const auto one_after_the_other = [&](std::uint64_t first) {
        for (std::uint64_t sequence = first; sequence < first + 10; ++sequence) lane.submit(sequence);
        lane.begin();
        while (!lane.rounds.empty()) {
            lane.now += lane.holds(0, "COMMIT") ? 8ms : 0ms;
            lane.serve();
        }
    };
    one_after_the_other(1);
    one_after_the_other(11);  // Its statements went with a COMMIT of their own, behind what the ledger knows.
    for (std::uint64_t first = 21; first <= 200; first += 10) one_after_the_other(first);
    REQUIRE(lane.answers.size() == 200);

    lane.submit(201);
    lane.begin();
    CHECK(lane.rounds.empty());
    lane.now += 3ms;
    lane.begin();
    CHECK(lane.get().in_flight() == 1);
    lane.serve_all();

    for (std::uint64_t sequence = 202; sequence <= 211; ++sequence) lane.submit(sequence);
    lane.begin();
    CHECK(lane.get().in_flight() == 10);
}

TEST_CASE("of two batches only the one whose COMMIT was sent is in doubt when the connection is lost") {
    lane_on_a_table lane;
    fill(lane);
    lane.lose();
    CHECK(lane.answers.empty());
    CHECK(lane.get().queued() == 120);
    lane.drain();
    const auto in_doubt = std::ranges::count(lane.answers, write_verdict::in_doubt, &penholder::write_answer::verdict);
    CHECK(in_doubt == 40);
    CHECK(lane.answers.size() == 120);
}

TEST_CASE("draining finishes both batches under way") {
    lane_on_a_table lane;
    fill(lane);
    lane.drain();
    CHECK(lane.answers.size() == 40);
    while (!lane.rounds.empty()) lane.serve();
    CHECK(lane.drained);
    CHECK(committed(lane) == 80);
    CHECK(lane.answers.size() == 120);
}

TEST_CASE("a sweep goes before the next batch, and writes wait for it") {
    lane_on_a_table lane;
    lane.sweep();
    lane.submit(1);
    lane.begin();
    REQUIRE(lane.rounds.size() == 1);
    CHECK(lane.holds(0, "SELECT penholder.sweep"));
    CHECK(lane.get().in_flight() == 0);
    lane.begin();
    CHECK(lane.rounds.size() == 1);
    lane.serve();
    lane.begin();
    CHECK(lane.get().in_flight() == 1);
    lane.serve_all();
    CHECK(committed(lane) == 1);
    CHECK(lane.get().counters().batches == 1);
}

TEST_CASE("a connection that is lost during a sweep costs no write") {
    lane_on_a_table lane;
    lane.sweep();
    lane.submit(1);
    lane.begin();
    lane.lose();
    CHECK(lane.answers.empty());
    CHECK(lane.get().state() == lane_state::connecting);
    lane.connect();
    lane.begin();
    lane.serve_all();
    CHECK(committed(lane) == 1);
}

TEST_CASE("draining waits for a sweep, and says so once even where the connection is lost") {
    lane_on_a_table lane;
    lane.sweep();
    lane.begin();
    lane.drain();
    CHECK_FALSE(lane.drained);
    lane.lose();
    CHECK(lane.drained);
    CHECK(lane.get().state() == lane_state::closed);
}

TEST_CASE("a write whose id is under way is answered in_flight, and its first attempt goes on") {
    lane_on_a_table lane;
    lane.submit(1);
    lane.submit(1);
    REQUIRE(lane.answers.size() == 1);
    CHECK(lane.answers[0].verdict == write_verdict::in_flight);
    lane.begin();
    lane.serve_all();
    CHECK(committed(lane) == 1);
}

TEST_CASE("a closed lane hands back what it is given") {
    lane_on_a_table lane;
    lane.drain();
    CHECK(lane.drained);
    lane.submit(1);
    REQUIRE(lane.answers.size() == 1);
    CHECK(lane.answers[0].verdict == write_verdict::handed_back);
    CHECK(lane.answers[0].why == penholder::errc::not_leader);
}
