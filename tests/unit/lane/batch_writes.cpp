#include "lane/batch_writes.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;

namespace {

batch_writes three() {
    std::vector<queued_write> all;
    all.push_back(given(1));
    all.push_back(given(2, 5));
    all.push_back(given(3));
    return batch_writes(std::move(all));
}

reason failed_with(const std::string& sqlstate) {
    return {errc::statement_failed, "refused", sqlstate, 0};
}

}  // namespace

TEST_CASE("the first write that affected other rows than it expects is found, with both numbers") {
    auto all = three();
    CHECK_FALSE(all.first_mismatch().has_value());
    for (std::size_t index = 0; index < 3; ++index) {
        auto said = done("UPDATE 1", index + 1);
        all.keep_result(index, 0, said);
    }
    const auto found = all.first_mismatch();
    REQUIRE(found.has_value());
    CHECK(found->write == 1);
    CHECK(found->why.code == errc::row_count_mismatch);
    CHECK(found->why.message == "statement 0 affected 2 rows instead of 5; the write was rolled back");
    CHECK(found->why.statement == 0);
}

TEST_CASE("what is set apart has no results, and keeps why for its next answer") {
    auto all = three();
    auto said = done("UPDATE 1", 1);
    all.keep_result(0, 0, said);
    all.set_apart(0, {"23505: refused", "23505"});
    CHECK(all.of(0).state == write_state::apart);
    CHECK(all.of(0).results.empty());
    CHECK(all.write(0).trouble == trouble{"23505: refused", "23505"});
    all.settle(1, decided({}));
    all.set_apart_unsettled({"COMMIT failed", {}});
    CHECK(all.of(1).state == write_state::settled);
    CHECK(all.of(2).state == write_state::apart);
}

TEST_CASE("a rollback gives their turn back to those that ran, and to no others") {
    auto all = three();
    all.reject(0, failed_with("23505"));
    all.mark_executed();
    all.undo_from(0);
    CHECK(all.of(0).state == write_state::rejected);
    CHECK(all.is_waiting(1));
    CHECK(all.is_waiting(2));
}

TEST_CASE("a commit answers executed and rejected writes with what was recorded, and gives the position to commits") {
    auto all = three();
    all.reject(1, failed_with("23505"));
    all.mark_executed();
    for (std::size_t index = 0; index < 3; ++index) all.make_receipt(index, {7});
    all.on_committed(42);
    CHECK(all.of(0).answer->receipt.outcome == outcome::committed);
    CHECK(all.of(0).answer->receipt.lsn == 42);
    CHECK(all.of(0).answer->receipt.term == 7);
    CHECK(all.of(1).answer->receipt.outcome == outcome::rejected);
    CHECK(all.of(1).answer->receipt.why->sqlstate == "23505");
    CHECK(all.of(1).answer->receipt.lsn == 0);
}

TEST_CASE("a replayed commit is answered with the position of the COMMIT under way, or not at all") {
    auto all = three();
    receipt kept{all.write(0).id(), outcome::committed, 3, 0, true, {}, {}};
    all.settle(0, decided(kept));
    receipt refused{all.write(1).id(), outcome::rejected, 3, 0, true, {}, reason{}};
    all.settle(1, decided(refused));
    all.withdraw_unproven();
    CHECK_FALSE(all.of(0).answer.has_value());
    CHECK(all.of(1).answer.has_value());
}

TEST_CASE("when a COMMIT goes unanswered, those that it would have committed are doubtful") {
    auto all = three();
    all.reject(0, failed_with("23505"));
    all.mark_executed();
    all.doubt_executed();
    CHECK_FALSE(all.write(0).doubtful);
    CHECK(all.write(1).doubtful);
}

TEST_CASE("a type that has no name is asked for once, and every column of it gets the name") {
    auto all = three();
    for (const auto& [index, oid] : {std::pair{0U, 20'000U}, {1U, 20'001U}, {2U, 20'000U}}) {
        auto said = of_an_unnamed_type(oid);
        all.keep_result(index, 0, said);
    }
    const auto asked = all.unnamed_types();
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].oid == 20'000);
    CHECK(asked[1].oid == 20'001);
    all.name_types(type_names({"mood", "public.colour[]"}));
    CHECK(all.unnamed_types().empty());
    using list = std::vector<std::string>;
    CHECK(all.of(0).results[0].types == list{"integer", "mood"});
    CHECK(all.of(1).results[0].types == list{"integer", "public.colour[]"});
    CHECK(all.of(2).results[0].types == list{"integer", "mood"});
}

TEST_CASE("what was undone has no types to be named, and an answer that is too short names none") {
    auto all = three();
    for (std::size_t index = 0; index < 3; ++index) {
        auto said = of_an_unnamed_type(20'000);
        all.keep_result(index, 0, said);
    }
    all.reject(0, failed_with("23505"));
    all.set_apart(1, {});
    all.undo_from(2);
    CHECK(all.unnamed_types().empty());
    auto said = of_an_unnamed_type(20'000);
    all.keep_result(2, 0, said);
    all.name_types(type_names({}));
    CHECK(all.unnamed_types().empty());
    CHECK(all.of(2).results[0].types.at(1).empty());
}
