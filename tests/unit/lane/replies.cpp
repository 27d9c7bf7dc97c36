#include "lane/replies.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;

TEST_CASE("a round has committed where one of its replies has the tag COMMIT") {
    CHECK(has_committed({done("UPDATE 1"), done("COMMIT")}));
    CHECK_FALSE(has_committed({done("UPDATE 1"), done("ROLLBACK")}));
    CHECK_FALSE(has_committed({}));
}

TEST_CASE("a reply that failed or that was too large keeps its transaction from going on, a skipped one does not") {
    CHECK(first_failure({done("BEGIN"), failing("23505"), reply{}}) == 1);
    CHECK(first_failure({done("BEGIN"), too_large(), failing("23505")}) == 1);
    CHECK_FALSE(first_failure({done("BEGIN"), reply{}}).has_value());
}

TEST_CASE("an error ends the connection by its severity, not by its SQLSTATE") {
    CHECK_FALSE(fatal_reply({failing("57P01"), failing("08006")}).has_value());
    CHECK(fatal_reply({done("BEGIN"), fatal("XX000")}) == 1);
}

TEST_CASE("what failed is told with its SQLSTATE, where there is one") {
    CHECK(said(failing("23505")) == "23505: refused");
    CHECK(said(failing("")) == "refused");
}
