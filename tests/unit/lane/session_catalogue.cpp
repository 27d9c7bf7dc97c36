// Of a transaction whose write leaves nothing: what it is committed and rejected under, and that its commands are kept.
#include "lane/session_transaction.hpp"
#include "transaction_bench.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;

TEST_CASE("one that leaves nothing under its catalogue commits only under that one") {
    const auto settings = under_a_catalogue();
    run on(first_attempt(), settings);
    on.serve();
    REQUIRE(on.next->size() == 4);
    CHECK(on.next->at(1).sql.starts_with("SELECT penholder.check_catalogue("));
    CHECK(on.next->at(1).params == std::vector<parameter>{"7"});
    CHECK(on.next->at(2).sql == "COMMIT");
    on.serve_out();
    CHECK(on.it.committed());
    CHECK(on.it.left_nothing());
    CHECK_FALSE(on.it.stale());

    run other(first_attempt(), settings);
    other.serve_out(answering("SELECT penholder.check_catalogue", failing("PH002")));
    CHECK_FALSE(other.it.committed());
    CHECK_FALSE(other.it.left_nothing());
    CHECK(other.it.stale());
    CHECK_FALSE(other.it.take_answer().has_value());

    CHECK_FALSE(run(first_attempt()).serve_out().it.left_nothing());
}

TEST_CASE(
    "one that leaves nothing under its catalogue is rejected only under that one: a kept plan may not fit another") {
    const auto refuse = answering(call, failing("0A000"));
    run on(first_attempt(), under_a_catalogue());
    on.serve(refuse);
    CHECK(holds(*on.next, "SELECT penholder.check_catalogue($1::pg_catalog.int8)"));
    on.serve_out();
    CHECK(on.answer->receipt.why->sqlstate == "0A000");
    CHECK(on.it.left_nothing());

    run other(first_attempt(), under_a_catalogue());
    other.serve(refuse);
    other.serve_out(answering("SELECT penholder.check_catalogue", failing("PH002")));
    CHECK(other.it.stale());
    CHECK_FALSE(other.it.left_nothing());
    CHECK_FALSE(other.answer.has_value());
    CHECK_FALSE(other.it.write().condemned.has_value());
}

TEST_CASE("commands are kept prepared for a write that leaves nothing, and for no other") {
    for (const bool keeps : {true, false}) {
        run on(first_attempt(), keeps ? under_a_catalogue() : of_a_session());
        while (on.next) {
            CHECK(std::ranges::all_of(*on.next, [&](const auto& one) { return one.reuse == keeps; }));
            on.serve();
        }
    }
}
