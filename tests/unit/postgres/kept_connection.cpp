#include "postgres/kept_connection.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using penholder::postgres::kept_connection;
using namespace std::chrono_literals;

TEST_CASE("one call at a time has the connection, and the next one when that ends") {
    kept_connection kept;
    auto first = std::make_optional(kept.wait());
    CHECK_FALSE(kept.wait_for(0ms).has_value());
    auto second = std::async(std::launch::async, [&kept] { return kept.wait()->primed; });
    (*first)->primed = true;
    first.reset();
    CHECK(second.get());
    CHECK(kept.wait_for(0ms).has_value());
}

TEST_CASE("a turn that was moved from ends nothing") {
    kept_connection kept;
    auto first = kept.wait();
    {
        const auto moved = std::move(first);
        CHECK_FALSE(kept.wait_for(0ms).has_value());
    }
    CHECK(kept.wait_for(0ms).has_value());
}
