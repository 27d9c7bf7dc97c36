#include "lane/one_by_one.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

const batch_settings settings{"g", {7}, 1000, 10, 20};

batch_writes so_many(std::uint64_t count) {
    std::vector<queued_write> all;
    for (std::uint64_t sequence = 1; sequence <= count; ++sequence) all.push_back(given(sequence));
    return batch_writes(std::move(all));
}

}  // namespace

TEST_CASE("each write has a savepoint, a time limit and its constraints checked before the next one's turn") {
    one_by_one how;
    round_draft draft;
    auto all = so_many(2);
    how.run_next(all, settings, now, draft);
    const auto sent = draft.take();
    REQUIRE(sent.size() == 10);
    CHECK(texts(sent)[0] == "SAVEPOINT w0");
    CHECK(sent[1].params.front() == "1000");
    CHECK(texts(sent)[2] == plain_sql);
    CHECK(texts(sent)[3] == "SET CONSTRAINTS ALL IMMEDIATE");
    CHECK(texts(sent)[4] == "SET CONSTRAINTS ALL DEFERRED");
    CHECK(texts(sent)[5] == "SAVEPOINT w1");
}

TEST_CASE("a write's time limit is what is left to its deadline, and not less than a little") {
    one_by_one how;
    round_draft draft;
    auto all = so_many(2);
    how.run_next(all, settings, now + 4900ms, draft);
    CHECK(draft.take().at(1).params.front() == "100");
    CHECK(all.of(0).bounded_by_deadline);
    one_by_one late;
    late.run_next(all, settings, now + 6s, draft);
    CHECK(draft.take().at(1).params.front() == "20");
}

TEST_CASE("a round holds sixteen writes, and the next one goes on where it ended") {
    one_by_one how;
    round_draft draft;
    auto all = so_many(20);
    how.run_next(all, settings, now, draft);
    CHECK(draft.take().size() == 16 * 5);
    how.run_next(all, settings, now, draft);
    const auto rest = draft.take();
    CHECK(rest.size() == 4 * 5);
    CHECK(texts(rest)[0] == "SAVEPOINT w16");
    how.run_next(all, settings, now, draft);
    CHECK(draft.empty());
}

TEST_CASE("after a failure the writes behind it have their turn again") {
    one_by_one how;
    round_draft draft;
    auto all = so_many(3);
    how.run_next(all, settings, now, draft);
    draft.begin();
    all.of(0).state = write_state::executed;
    all.of(1).state = write_state::rejected;
    how.go_back(1, draft);
    how.run_next(all, settings, now, draft);
    const auto sent = texts(draft.take());
    CHECK(sent.at(0) == "ROLLBACK TO SAVEPOINT w1");
    CHECK(sent.at(1) == "SAVEPOINT w2");
    CHECK(sent.size() == 6);
}
