#include "election/fence_backoff.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;
using namespace std::chrono_literals;

namespace {

const error gone{errc::database_unreachable, "gone"};

}  // namespace

TEST_CASE("a fence that could not be raised begins a pause, and pauses grow until one is raised") {
    fence_backoff it(100ms, 10s, 1);
    CHECK_FALSE(it.is_active());
    const auto first = it.failed(gone);
    CHECK(it.is_active());
    CHECK(first >= 50ms);
    CHECK(first <= 100ms);
    it.over();
    CHECK_FALSE(it.is_active());
    for (int i = 0; i < 3; ++i) it.failed(gone);
    CHECK(it.failed(gone) >= 800ms);
    it.over();
    it.raised();
    CHECK(it.failed(gone) <= 100ms);
}

TEST_CASE("the failure troubles during the pause, and afterwards only while nobody serves") {
    fence_backoff it(100ms, 10s, 1);
    CHECK_FALSE(it.trouble(false));
    it.failed(gone);
    CHECK(it.trouble(true) == gone);
    it.over();
    CHECK_FALSE(it.trouble(true));
    CHECK(it.trouble(false) == gone);
    it.other_serves();
    CHECK_FALSE(it.trouble(false));
}
