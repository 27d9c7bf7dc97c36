#include "lane/one_round.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;
using penholder::statement;

namespace {}  // namespace

TEST_CASE("a few plain writes go in one round, many or others do not") {
    auto notes = counted_once();
    CHECK(one_round(notes).fits(so_many(1), settings));
    CHECK(one_round(notes).fits(so_many(8), settings));
    CHECK_FALSE(one_round(notes).fits(so_many(9), settings));
    CHECK_FALSE(one_round(notes).fits(so_many(1, "SELECT f()"), settings));
    CHECK_FALSE(one_round(notes).fits(so_many(1, "UPDATE t SET a = 1 RETURNING a"), settings));
    auto failures_expected = settings;
    failures_expected.expect_failures = true;
    CHECK_FALSE(one_round(notes).fits(so_many(1), failures_expected));
}

TEST_CASE("a statement is made to fail unless it affects as many rows as it did last") {
    statement_notes notes;
    notes.of(plain_sql).rows = 3;
    one_round how(notes);
    round_draft draft;
    auto all = so_many(1);
    how.run(all, draft);
    const auto sent = draft.take();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].sql == "WITH penholder_counted AS (" + plain_sql +
                             "\nRETURNING 1) SELECT 1 / (count(*) = $1)::int FROM penholder_counted");
    CHECK(sent[0].params == std::vector<penholder::parameter>{"3"});
    CHECK(all.of(0).state == write_state::executed);
    CHECK(all.of(0).results.at(0).rows_affected == 3);
}

TEST_CASE("a row count that the write expects is asked for instead of the last one") {
    auto notes = counted_once();
    one_round how(notes);
    round_draft draft;
    std::vector<queued_write> one;
    one.push_back(given(1, 2));
    batch_writes all(std::move(one));
    how.run(all, draft);
    CHECK(draft.take().at(0).params.back() == "2");
}

TEST_CASE("after another count a statement is not relied on for a few times, after a refusal for many") {
    auto notes = counted_once();
    one_round how(notes);
    const auto all = so_many(1);
    const auto& statement = all.write(0).statements().front();
    how.on_refused(statement, failing("22012"));
    for (int i = 0; i < 4; ++i) CHECK_FALSE(how.fits(all, settings));
    CHECK(how.fits(all, settings));
    how.on_refused(statement, failing("42P10"));
    for (int i = 0; i < 64; ++i) CHECK_FALSE(how.fits(all, settings));
    CHECK(how.fits(all, settings));
    how.on_refused(statement, failing("23505"));  // The write's own failure.
    CHECK(how.fits(all, settings));
}

TEST_CASE("what was recorded of a small batch is asked for the next time") {
    auto notes = counted_once();
    auto all = so_many(1);
    auto said = done("UPDATE 5", 5);
    all.keep_result(0, 0, said);
    all.mark_executed();
    all.make_receipt(0, {7});
    one_round(notes).learn(all);
    CHECK(notes.of(plain_sql).rows == 5);
}

TEST_CASE("a statement with as many parameters as PostgreSQL takes has no room for its row count") {
    const auto with = [](std::size_t count) {
        std::vector<queued_write> one;
        statement made(plain_sql, std::vector<penholder::parameter>(count, "1"));
        one.push_back(a_write(penholder::write_id::parse("k").value(), {std::move(made)}));
        return batch_writes(std::move(one));
    };
    auto notes = counted_once();
    CHECK(one_round(notes).fits(with(65'534), settings));
    CHECK_FALSE(one_round(notes).fits(with(65'535), settings));
}
