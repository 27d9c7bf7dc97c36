// Who is about to lead has asked the catalogue before it leads; PostgreSQL's own list of backends tells.
#include "fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

/// The backends that catalogues are asked over, by their numbers.
std::string backends_for_the_catalogue(const std::string& name) {
    return one_value(name,
                     "SELECT coalesce(string_agg(pid::text, ','), '') FROM pg_stat_activity WHERE datname = "
                     "current_database() AND application_name = 'penholder catalogue g'");
}

}  // namespace

TEST_CASE("what is made ready before a term is used in it, and ends where nobody leads") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    REQUIRE(node.wait(node.database.probe()).has_value());
    CHECK(backends_for_the_catalogue(name).empty());
    node.database.prepare_to_lead();
    std::string made;
    node.run_until([&] { return !(made = backends_for_the_catalogue(name)).empty(); });
    node.lead(1);
    penholder::write counts;
    counts.add("UPDATE counter SET n = n + 1 WHERE id = $1", 1);
    node.learn(counts);
    CHECK(backends_for_the_catalogue(name) == made);
    node.lane.reset();
    node.run_until(
        [&] {
            REQUIRE(node.wait(node.database.probe()).has_value());
            return backends_for_the_catalogue(name).empty();
        },
        std::chrono::seconds(30));
}
