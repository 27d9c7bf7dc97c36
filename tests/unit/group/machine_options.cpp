#include "group/machine_options.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace std::chrono_literals;

namespace {

machine_options some_options() {
    machine_options options;
    options.self.node = "a";
    options.self.role_wanted = "candidate";
    options.life = {0xaa};
    options.group.name = "orders";
    options.group.priority = 3;
    return options;
}

}  // namespace

TEST_CASE("a node that takes over only when sessions expire evicts nobody") {
    auto options = some_options();
    options.group.takeover_max_evictions = 4;
    CHECK(to_candidacy_options(options).max_evictions == 4);
    CHECK(to_candidacy_options(options).priority == 3);
    options.group.takeover = "on_session_expiry";
    CHECK(to_candidacy_options(options).max_evictions == 0);
}

TEST_CASE("a group without a database is known by it") {
    auto options = some_options();
    CHECK_FALSE(options.has_database());
    CHECK_FALSE(to_candidacy_options(options).has_database);
    options.group.database = "host=db";
    CHECK(options.has_database());
    CHECK(to_candidacy_options(options).has_database);
}

TEST_CASE("the largest write leaves room for the frame around it") {
    auto options = some_options();
    options.link.max_frame_bytes = 1600;
    CHECK(to_router_options(options).max_write_bytes == 1500);
    CHECK(to_router_options(options).origin == "a.00000000000000aa");
}

TEST_CASE("a write that is unknown may be asked for again while the ledger surely keeps its origin") {
    auto options = some_options();
    CHECK(to_router_options(options).keep_unknown == 10min);
    options.group.origin_retention_s = 60;
    CHECK(to_router_options(options).keep_unknown == 30s);
}

TEST_CASE("a leader waits for links longer than a dead follower stays enrolled, and longer than a link may be silent") {
    auto options = some_options();
    options.session_timeout = 6s;
    options.link.silence_timeout_ms = 2000;
    CHECK(reach_patience(options) == 8s);
    options.session_timeout = 1s;
    CHECK(reach_patience(options) == 6s);
}
