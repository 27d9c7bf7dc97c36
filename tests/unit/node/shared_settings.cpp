#include "node/shared_settings.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

namespace {

group_options of_orders() {
    group_options group;
    group.name = "orders";
    group.database = "host=db password=sesame";
    return group;
}

}  // namespace

TEST_CASE("what all nodes should share is published key by key, and no secret is in it") {
    zookeeper_options ensemble;
    ensemble.digest = "me:sesame";
    const auto published = shared_settings(of_orders(), ensemble);
    CHECK(published.find("zookeeper.session_timeout_ms=6000 ") != std::string::npos);
    CHECK(published.find("group.database=set ") != std::string::npos);
    CHECK(published.find("group.max_deadline_ms=60000 ") != std::string::npos);
    CHECK(published.find("sesame") == std::string::npos);
}

TEST_CASE("settings that a node has of its own are not published") {
    auto another = of_orders();
    another.priority = 7;
    another.database = "host=db-2";
    another.default_deadline_ms = 1;
    CHECK(shared_settings(another, {}) == shared_settings(of_orders(), {}));
    another.max_deadline_ms = 1000;
    CHECK(shared_settings(another, {}) != shared_settings(of_orders(), {}));
}
