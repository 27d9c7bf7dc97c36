#include "lane/lock_waits.hpp"

#include "pool_bench.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

const lock_holder psql{4711, "psql", "alice", "idle in transaction"};

void ask(pool_bench& on, int which) {
    on.locks.ask(*on.pool.find({which}));
    on.collect();
}

void find(pool_bench& on, int which, std::optional<lock_holder> by) {
    on.locks.found(*on.pool.find({which}), on.lock_questions.back().asked_at, std::move(by), on.at);
    on.collect();
}

}  // namespace

TEST_CASE("a write that seems to wait is asked about, and who keeps it waiting is told, counted and shown") {
    pool_bench on;
    on.submit(numbered(1));
    ask(on, 1);
    REQUIRE(on.lock_questions.size() == 1);
    CHECK(on.lock_questions[0].which == connection_id{1});
    find(on, 1, psql);
    REQUIRE(on.lock_lines.size() == 1);
    CHECK(on.lock_lines[0].id == numbered(1).id());
    CHECK(on.lock_lines[0].whom == psql);
    CHECK(on.counters().lock_waits == 1);
    CHECK(lock_waits::of(on.pool.all()) ==
          std::vector<lock_wait>{{numbered(1).id(), 4711, "psql", "alice", "idle in transaction"}});
    on.serve_out(1);
    CHECK(on.answers.size() == 1);
    CHECK(lock_waits::of(on.pool.all()).empty());
}

TEST_CASE("a connection on which nothing runs, and an answer that comes too late, say nothing") {
    pool_bench on;
    ask(on, 1);
    CHECK(on.lock_questions.empty());
    on.submit(numbered(1));
    ask(on, 1);
    on.serve(1);
    find(on, 1, psql);
    CHECK(lock_waits::of(on.pool.all()).empty());
    CHECK(on.counters().lock_waits == 0);
    on.serve_out(1);
    find(on, 1, psql);
    CHECK(on.lock_lines.empty());
}

TEST_CASE("a write that tries again is counted once for each holder") {
    pool_bench on;
    on.submit(numbered(1));
    const auto try_again = [&] {
        on.serve_out(1, answering(call, failing("55P03")));
        on.at += 300ms;
        on.begin();
        REQUIRE(on.running(call) == 1);
        ask(on, 1);
    };
    ask(on, 1);
    find(on, 1, psql);
    try_again();
    find(on, 1, psql);
    CHECK(on.counters().lock_waits == 1);
    try_again();
    find(on, 1, lock_holder{4712, "cron", "bob", "active"});
    CHECK(on.counters().lock_waits == 2);
    CHECK(on.lock_lines.size() == 2);
    try_again();
    find(on, 1, std::nullopt);
    CHECK(lock_waits::of(on.pool.all()).empty());
}

TEST_CASE("the log is told of a holder once, however many writes wait for it, and again after ten seconds") {
    pool_bench on;
    for (std::uint64_t number = 1; number <= 3; ++number) on.submit(numbered(number));
    for (int which = 1; which <= 2; ++which) {
        ask(on, which);
        find(on, which, psql);
    }
    CHECK(on.counters().lock_waits == 2);
    CHECK(on.lock_lines.size() == 1);
    auto patient = numbered(4);
    patient.taken.deadline = on.at + 60s;
    on.submit(std::move(patient));
    on.at += 10s;
    ask(on, 4);
    find(on, 4, psql);
    CHECK(on.lock_lines.size() == 2);
}

TEST_CASE("an answer at the deadline says what the write waited for") {
    const auto said = [](pool_bench& on) {
        REQUIRE(on.answers.size() == 1);
        CHECK(on.answers[0].said.why == errc::deadline_expired);
        return on.answers[0].said.message;
    };
    const std::string waits = "; it waits for a lock held by pid 4711, application 'psql'";
    pool_bench ended;
    ended.submit(numbered(1));
    ask(ended, 1);
    find(ended, 1, psql);
    ended.at = numbered(1).deadline() + 50ms;
    ended.begin();
    CHECK(said(ended).find(waits) != std::string::npos);

    pool_bench cut;
    cut.submit(numbered(1));
    ask(cut, 1);
    find(cut, 1, psql);
    cut.at = numbered(1).deadline();
    cut.serve_out(1, answering(call, failing("57014")));
    CHECK(said(cut).find(waits) != std::string::npos);

    pool_bench queued;
    queued.submit(numbered(1));
    ask(queued, 1);
    find(queued, 1, psql);
    queued.serve_out(1, answering(call, failing("55P03")));
    queued.at = numbered(1).deadline();
    queued.begin();
    CHECK(said(queued).find(waits) != std::string::npos);
}
