// More writes than the database takes, and writes that are large.
#include "integration/cluster/cluster.hpp"
#include "paced_load.hpp"
#include "support/long_run.hpp"
#include "support/memory.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>

namespace penholder::testing {

using namespace std::chrono_literals;

namespace {

/// A leader and a follower whose database takes about 100 writes a second: in the lane's batches, or over one session.
struct slow_pair {
    static constexpr std::size_t capacity = 100;
    static constexpr int queue_time_ms = 500;
    static constexpr std::size_t batch = 16;

    explicit slow_pair(bool by_lane) {
        for (std::size_t i = 0; i < 2; ++i) {
            auto settings = nodes.node_options(i);
            settings.groups[0].batch_max_writes = batch;
            settings.groups[0].queue_time_max_ms = queue_time_ms;
            settings.groups[0].sessions_max = 1;
            if (by_lane) settings.groups[0].harmless_functions = {"public.nap"};
            nodes.add(std::move(settings));
        }
        shared_postgres().exec(
            "CREATE TABLE marks (mark text NOT NULL); "
            "CREATE FUNCTION nap() RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(0.01)'",
            nodes.database());
        nodes.wait_for_leader();
    }

    static void fill(write& what, const std::string& mark) {
        what.add("INSERT INTO marks VALUES ($1)", mark);
        what.add("SELECT nap()");
    }

    cluster nodes{{.nodes = 0}};
};

std::size_t marks_in(const std::string& database) {
    const auto rows = shared_postgres().exec("SELECT count(*), count(DISTINCT mark) FROM marks", database);
    CHECK(rows[0][0].as<std::size_t>() == rows[0][1].as<std::size_t>());
    return rows[0][0].as<std::size_t>();
}

}  // namespace

TEST_CASE("ten times what the database takes: every write is answered, those taken soon, and memory stays") {
    const bool by_lane = GENERATE(true, false);
    CAPTURE(by_lane);
    slow_pair on(by_lane);
    paced_load load({&on.nodes[0], &on.nodes[1]}, 5s);
    load.statements = &slow_pair::fill;
    load.run(20, 1s);
    REQUIRE(load.wait_for_answers(limit::answer));
    REQUIRE(count(load.answers(), outcome::committed) == load.sent());

    const auto before = resident_bytes();
    auto most = before;
    const std::chrono::milliseconds how_long = long_run() ? 60s : 10s;
    load.run(10 * slow_pair::capacity, how_long, [&] { most = std::max(most, resident_bytes()); });
    REQUIRE(load.wait_for_answers(5s + limit::grace));

    const auto answers = load.answers();
    const auto committed = count(answers, outcome::committed);
    WARN("offered " << load.sent() << ", committed " << committed << " (half within "
                    << latency(answers, outcome::committed, 0.5).count() << " ms, 99 % within "
                    << latency(answers, outcome::committed, 0.99).count() << " ms), turned away "
                    << count(answers, outcome::rejected) << " (99 % within "
                    << latency(answers, outcome::rejected, 0.99).count() << " ms); memory grew by "
                    << (most - before) / 1024 << " KiB");
    CHECK(count(answers, outcome::unknown) == 0);
    for (const auto& one : answers) {
        if (one.outcome == outcome::rejected && one.why != errc::overloaded) FAIL_CHECK(one.message);
    }
    CHECK(std::ranges::max(answers, {}, &paced_load::answered::after).after < 5s + patience(limit::grace));
    CHECK(committed > slow_pair::capacity * static_cast<std::size_t>(how_long / 1s) / 3);
    // By the database's own pace, whatever else the machine does: what the time in the queue has room for, the batch
    // under way when the write was taken, and its own; twice that, since the queue is judged by what is forecast. What
    // is turned away waits for nothing. Those taken before large batches were measured may wait longer.
    constexpr auto queue = slow_pair::capacity * slow_pair::queue_time_ms / 1000 + 2 * slow_pair::batch;
    CHECK(commits_meanwhile(answers, outcome::committed, 0.5) <= 2 * queue);
    auto forecast = answers;
    std::erase_if(forecast, [](const auto& one) { return one.commits_before < 20 + 2 * slow_pair::batch; });
    CHECK(commits_meanwhile(forecast, outcome::committed, 0.99) <= 2 * queue);
    CHECK(commits_meanwhile(answers, outcome::rejected, 0.9) <= slow_pair::batch);
    CHECK(most < before + (48U << 20U));
    CHECK(marks_in(on.nodes.database()) == committed);

    load.run(20, 1s);
    REQUIRE(load.wait_for_answers(limit::answer));
    CHECK(count(load.answers(), outcome::committed) == committed + 20);
}

TEST_CASE("writes that are large are bounded by what they take, not by how many they are") {
    cluster nodes{{.nodes = 0}};
    for (std::size_t i = 0; i < 2; ++i) {
        auto settings = nodes.node_options(i);
        settings.groups[0].batch_max_writes = 4;
        settings.groups[0].queue_max_bytes = 8U << 20U;
        settings.groups[0].pending_max_bytes = 64U << 20U;
        nodes.add(std::move(settings));
    }
    shared_postgres().exec("CREATE TABLE marks (mark text NOT NULL)", nodes.database());
    nodes.wait_for_leader();
    paced_load load({&nodes[0], &nodes[1]}, 20s);
    load.statements = [](write& what, const std::string& mark) {
        what.add("INSERT INTO marks SELECT $1 WHERE length($2) > 0", mark, std::string(1U << 20U, 'x'));
        what.add("SELECT pg_sleep(0.05)");
    };
    const auto before = resident_bytes();
    auto most = before;
    load.run(200, 2s, [&] { most = std::max(most, resident_bytes()); });
    REQUIRE(load.wait_for_answers(20s + limit::grace));
    const auto answers = load.answers();
    CHECK(count(answers, outcome::committed) > 0);
    CHECK(count(answers, outcome::rejected) > 0);
    for (const auto& one : answers) {
        if (one.outcome != outcome::committed && one.why != errc::overloaded) FAIL_CHECK(one.message);
    }
    CHECK(marks_in(nodes.database()) == count(answers, outcome::committed));
    WARN("400 MiB offered, memory grew by " << (most - before) / 1024 << " KiB");
    CHECK(most < before + (256U << 20U));
}

}  // namespace penholder::testing
