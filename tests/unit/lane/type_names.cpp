#include "lane/batch.hpp"
#include "transaction_bench.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <string>
#include <vector>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;

namespace {

origin_cache knowing_the_origin() {
    return {{origin, ledger::origin_ledger{}}};
}

}  // namespace

TEST_CASE("types that only the catalogue can name are asked for before the receipts are recorded") {
    auto origins = knowing_the_origin();
    batch run(settings, {given(1), given(2)}, origins);
    const auto asking =
        run.on_replies(served(run.begin(now), answering(plain_sql, of_an_unnamed_type(20'000, "UPDATE 1"))), now);
    REQUIRE(asking.has_value());
    REQUIRE(asking->size() == 1);
    CHECK(asking->front().sql.starts_with(asks_type_names));
    CHECK(asking->front().params.front() == "{20000}");
    const auto closing = run.on_replies({type_names({"mood"})}, now);
    REQUIRE(closing.has_value());
    CHECK(begins_one(*closing, "SELECT penholder.record"));
    CHECK_FALSE(run.on_replies(served(*closing), now).has_value());
    for (std::size_t index : {0U, 1U}) {
        CHECK(run.answer(index)->receipt.statements.at(0).types == std::vector<std::string>{"integer", "mood"});
    }
}

TEST_CASE("where the types cannot be named the writes wait for another turn") {
    auto origins = knowing_the_origin();
    batch run(settings, {given(1)}, origins);
    auto next = run.on_replies(served(run.begin(now), answering(plain_sql, of_an_unnamed_type(20'000))), now);
    next = run.on_replies({failing("57014")}, now);
    REQUIRE(next.has_value());
    CHECK(texts(*next) == std::vector<std::string>{"ROLLBACK"});
    CHECK_FALSE(run.answer(0).has_value());
    CHECK_FALSE(run.is_apart(0));
}

TEST_CASE("a session names types that only the catalogue knows before it records the receipt") {
    run on(first_attempt());
    on.serve(answering(call, of_an_unnamed_type(20'000)));
    REQUIRE(on.next->size() == 1);
    CHECK(on.next->front().sql.starts_with(asks_type_names));
    on.serve(answering(asks_type_names, type_names({"mood"})));
    CHECK(begins_one(*on.next, "SELECT penholder.record"));
    on.serve_out();
    CHECK(on.answer->receipt.statements.at(0).types == std::vector<std::string>{"integer", "mood"});

    run late(first_attempt());
    late.serve(answering(call, of_an_unnamed_type(20'000)));
    late.serve(answering(asks_type_names, failing("57014")));
    CHECK(texts(*late.next) == std::vector<std::string>{"ROLLBACK"});
    late.serve_out();
    CHECK_FALSE(late.answer.has_value());
}
