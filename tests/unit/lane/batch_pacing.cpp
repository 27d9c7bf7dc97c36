#include "lane/batch_pacing.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace std::chrono_literals;

namespace {

const auto pacing_start = batch_pacing::time_point(1h);

/// COMMITs took so long for a while.
batch_pacing after_commits_of(std::chrono::microseconds each, std::size_t batch_max_writes = 100) {
    batch_pacing pacing(batch_max_writes);
    for (int i = 0; i < 100; ++i) {
        pacing.on_begin(pacing_start);
        pacing.on_closing(pacing_start + 1s);
        pacing.on_end(true, pacing_start + 1s + each);
    }
    return pacing;
}

}  // namespace

TEST_CASE("a batch's time is from its beginning, a COMMIT's from when it was sent") {
    batch_pacing pacing(100);
    pacing.on_begin(pacing_start);
    pacing.on_closing(pacing_start + 3ms);
    CHECK(pacing.on_end(true, pacing_start + 11ms) == 11ms);
    CHECK(pacing.on_end(true, pacing_start + 14ms) == 3ms);  // The second of two began when the first ended.
}

TEST_CASE("where COMMITs take long, the next batch waits for a quarter of that for those just answered") {
    auto pacing = after_commits_of(8ms);
    const auto until = pacing.gather(10, 2, pacing_start);
    REQUIRE(until.has_value());
    CHECK(*until - pacing_start > 1900us);
    CHECK(*until - pacing_start <= 2ms);
    CHECK_FALSE(pacing.may_begin(3, pacing_start + 1ms));
    CHECK(pacing.may_begin(12, pacing_start + 1ms));
    CHECK(pacing.may_begin(1, pacing_start + 1ms));  // It waits for nobody any more.
}

TEST_CASE("a batch that waits for more begins when the time is over") {
    auto pacing = after_commits_of(8ms);
    const auto until = pacing.gather(10, 2, pacing_start);
    CHECK_FALSE(pacing.may_begin(3, *until - 1us));
    CHECK(pacing.may_begin(3, *until));
}

TEST_CASE("nobody is waited for where a COMMIT is fast, or where the batch is full already") {
    auto fast = after_commits_of(500us);
    CHECK_FALSE(fast.gather(10, 2, pacing_start).has_value());
    auto slow = after_commits_of(8ms);
    CHECK_FALSE(slow.gather(10, 100, pacing_start).has_value());
    CHECK_FALSE(slow.gather(1000, 2, pacing_start).has_value());  // Their own work takes longer than the COMMIT.
}

TEST_CASE("a COMMIT that failed says nothing about the time that COMMITs take") {
    batch_pacing pacing(100);
    pacing.on_begin(pacing_start);
    pacing.on_closing(pacing_start);
    pacing.on_end(false, pacing_start + 10s);
    CHECK_FALSE(pacing.gather(10, 2, pacing_start).has_value());
}

TEST_CASE("the next batch begins behind a COMMIT where it is full, or where the COMMIT takes less than the work") {
    const auto fast = after_commits_of(200us);
    CHECK(fast.next_batch_pays(100));
    CHECK(fast.next_batch_pays(40));
    CHECK_FALSE(fast.next_batch_pays(31));  // So few do not split a batch.
    const auto slow = after_commits_of(8ms);
    CHECK(slow.next_batch_pays(100));
    CHECK_FALSE(slow.next_batch_pays(99));
}
