#include "lane/batch.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;
using penholder::errc;
using penholder::outcome;
using penholder::write_verdict;
namespace ledger = penholder::ledger;

namespace {

const batch_settings settings{"g", {7}, 1000, 10, 10};

origin_cache known() {
    return {{"n.0000000000000001", ledger::origin_ledger{}}};
}

}  // namespace

TEST_CASE("a known origin's writes go out with BEGIN and guard in one round, and commit in the next") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto first = run.begin(now);
    CHECK(first.size() == 4);
    CHECK(first.at(0).sql.starts_with("BEGIN"));
    const auto second = run.on_replies(served(first), now);
    REQUIRE(second.has_value());
    CHECK(holds(*second, "COMMIT"));
    CHECK_FALSE(run.on_replies(served(*second), now).has_value());
    CHECK(run.committed());
    CHECK(run.answer(1)->receipt.outcome == outcome::committed);
    CHECK(run.answer(1)->receipt.lsn == 16);
    CHECK(origins.begin()->second.look_up(1, {}) == ledger::origin_ledger::state::answered);
}

TEST_CASE("only the tag COMMIT is a commit") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto second = run.on_replies(served(run.begin(now)), now);
    const auto rolled_back = [](const command& one) {
        return one.sql == "COMMIT" ? std::optional(done("ROLLBACK")) : std::nullopt;
    };
    const auto third = run.on_replies(served(*second, rolled_back), now);
    REQUIRE(third.has_value());
    CHECK(third->front().sql == "ROLLBACK");
    CHECK(run.savepoint_per_write());
    CHECK_FALSE(run.committed());
}

TEST_CASE("a refusing guard hands every write back as not_leader") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto fenced = [](const command& one) {
        return one.sql.find("guard") != std::string::npos ? std::optional(failing("PH001")) : std::nullopt;
    };
    const auto undo = run.on_replies(served(run.begin(now), fenced), now);
    REQUIRE(undo.has_value());
    CHECK_FALSE(run.on_replies(served(*undo), now).has_value());
    CHECK(run.fenced());
    CHECK(run.answer(0)->verdict == write_verdict::handed_back);
    CHECK(run.answer(0)->why == errc::not_leader);
}

TEST_CASE("a row count that is not met is rejected and the others commit") {
    auto origins = known();
    batch run(settings, {given(1), given(2, 5), given(3)}, origins);
    auto next = std::optional(run.begin(now));
    for (int rounds = 0; next && rounds < 10; ++rounds) next = run.on_replies(served(*next), now);
    CHECK(run.had_failures());
    CHECK_FALSE(run.savepoint_per_write());
    CHECK(run.answer(0)->receipt.outcome == outcome::committed);
    CHECK(run.answer(1)->receipt.why->code == errc::row_count_mismatch);
    CHECK(run.answer(2)->receipt.outcome == outcome::committed);
}

TEST_CASE("a connection lost before COMMIT leaves no doubt, and after it leaves doubt") {
    auto origins = known();
    batch early(settings, {given(1)}, origins);
    early.begin(now);
    early.on_lost();
    CHECK_FALSE(early.commit_in_doubt());
    CHECK_FALSE(early.write_at(0).doubtful);
    batch late(settings, {given(1)}, origins);
    late.on_replies(served(late.begin(now)), now);
    late.on_lost();
    CHECK(late.commit_in_doubt());
    CHECK(late.write_at(0).doubtful);
}

TEST_CASE("a failing write is left out and only what ran since the last savepoint runs again") {
    auto origins = known();
    auto wary = settings;
    wary.expect_failures = true;
    std::vector<queued_write> writes;
    for (std::uint64_t sequence = 1; sequence <= 40; ++sequence) writes.push_back(given(sequence));
    writes[20] = given(21, {}, "INSERT INTO broken");
    batch run(wary, std::move(writes), origins);
    const auto refuse = [](const command& one) {
        return one.sql == "INSERT INTO broken" ? std::optional(failing("23505")) : std::nullopt;
    };
    const auto second = run.on_replies(served(run.begin(now), refuse), now);
    REQUIRE(second.has_value());
    CHECK(second->front().sql == "ROLLBACK TO SAVEPOINT s2");
    CHECK(std::ranges::count(*second, "UPDATE t SET a = a + 1", &command::sql) == 23);
    auto next = run.on_replies(served(*second, refuse), now);
    while (next) next = run.on_replies(served(*next, refuse), now);
    CHECK(run.committed());
    CHECK_FALSE(run.savepoint_per_write());
    CHECK(run.answer(20)->receipt.why->sqlstate == "23505");
    CHECK(run.answer(19)->receipt.outcome == outcome::committed);
    CHECK(run.answer(39)->receipt.outcome == outcome::committed);
}

TEST_CASE("a statement that ran out of time may have had a batch-mate's time: each gets its own") {
    auto origins = known();
    batch run(settings, {given(1), given(2)}, origins);
    const auto cancel = [](const command& one) {
        return one.sql.starts_with("UPDATE") ? std::optional(failing("57014")) : std::nullopt;
    };
    run.on_replies(served(run.begin(now), cancel), now);
    CHECK(run.savepoint_per_write());
}

TEST_CASE("a lone plain write goes in one round with its record and COMMIT") {
    auto origins = known();
    statement_notes notes;
    batch run(settings, {given(1)}, origins, &notes);
    const auto only = run.begin(now);
    CHECK(holds(only, "COMMIT"));
    CHECK(holds(only, counted_statement("UPDATE t SET a = a + 1", 0)));
    CHECK_FALSE(holds(only, "UPDATE t SET a = a + 1"));
    CHECK_FALSE(run.on_replies(served(only), now).has_value());
    CHECK(run.committed());
    CHECK(run.answer(0)->receipt.statements.at(0).rows_affected == 1);
}

TEST_CASE("where the database counted other rows all is done anew, and the next time it is asked for those") {
    auto origins = known();
    statement_notes notes;
    batch run(settings, {given(1)}, origins, &notes);
    const auto other_count = [](const command& one) {
        return one.sql.starts_with("WITH") ? std::optional(failing("22012")) : std::nullopt;
    };
    const auto second = run.on_replies(served(run.begin(now), other_count), now);
    REQUIRE(second.has_value());
    CHECK(second->front().sql == "ROLLBACK");
    CHECK_FALSE(holds(*second, "COMMIT"));
    auto replies = served(*second);
    replies.back().result.rows_affected = 3;
    auto next = run.on_replies(std::move(replies), now);
    while (next) next = run.on_replies(served(*next), now);
    CHECK(run.answer(0)->receipt.statements.at(0).rows_affected == 3);
    CHECK(notes.of("UPDATE t SET a = a + 1").rows == 3);
}

TEST_CASE("a connection lost during the one round leaves doubt") {
    auto origins = known();
    statement_notes notes;
    batch run(settings, {given(1)}, origins, &notes);
    run.begin(now);
    run.on_lost();
    CHECK(run.commit_in_doubt());
    CHECK(run.write_at(0).doubtful);
}

TEST_CASE("a guard that refuses the one round hands the write back, and nothing was recorded") {
    auto origins = known();
    statement_notes notes;
    batch run(settings, {given(1)}, origins, &notes);
    const auto fenced = [](const command& one) {
        return one.sql.find("guard") != std::string::npos ? std::optional(failing("PH001")) : std::nullopt;
    };
    const auto undo = run.on_replies(served(run.begin(now), fenced), now);
    REQUIRE(undo.has_value());
    run.on_replies(served(*undo), now);
    CHECK(run.fenced());
    CHECK(run.answer(0)->why == errc::not_leader);
    CHECK(origins.begin()->second.answers() == 0);
}
