// Statements are read as they were screened: with standard_conforming_strings on.
#include "running_daemon.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("nothing that a write does changes how its later strings are read") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto made =
        daemon.post(writes, with_sql("CREATE FUNCTION turn_off() RETURNS text LANGUAGE sql AS "
                                     "$$SELECT set_config('standard_conforming_' || 'strings', 'off', true)$$"));
    INFO(made.body);
    REQUIRE(made.status == 200);
    const auto read = daemon.post(
        writes, R"~({"statements":[{"sql":"SELECT turn_off()"},{"sql":"SELECT 'a\\' AS one, 'b' AS other"}]})~");
    INFO(read.body);
    CHECK(read.status == 200);
    CHECK_THAT(read.body, ContainsSubstring(R"("rows":[["a\\","b"]])"));
    const auto refused = daemon.post(writes, with_sql("SET LOCAL standard_conforming_strings = off"));
    CHECK(refused.status == 422);
    CHECK(refused.text("code") == "forbidden_statement");
}
