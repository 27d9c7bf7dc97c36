#include "postgres/statement_cache.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::postgres::statement_cache;

TEST_CASE("a statement is found under the name that it was prepared under") {
    statement_cache cache(2);
    CHECK_FALSE(cache.find("SELECT 1").has_value());
    const auto name = cache.add("SELECT 1");
    CHECK(cache.find("SELECT 1") == name);
}

TEST_CASE("the least recently used statement makes room, and its name is to be deallocated") {
    statement_cache cache(2);
    const auto first = cache.add("SELECT 1");
    const auto second = cache.add("SELECT 2");
    cache.find("SELECT 1");
    cache.add("SELECT 3");
    CHECK_FALSE(cache.find("SELECT 2").has_value());
    CHECK(cache.find("SELECT 1") == first);
    CHECK(cache.take_dropped() == std::vector<std::string>{second});
    CHECK(cache.take_dropped().empty());
}

TEST_CASE("no name is given twice, so that a statement which is forgotten and comes again is prepared anew") {
    statement_cache cache(2);
    const auto first = cache.add("SELECT 1");
    cache.forget("SELECT 1");
    const auto again = cache.add("SELECT 1");
    CHECK(first != again);
    CHECK(cache.take_dropped() == std::vector<std::string>{first});
}

TEST_CASE("a statement that could not be prepared leaves nothing to deallocate") {
    statement_cache cache(2);
    cache.add("SELEKT 1");
    cache.forget_unprepared("SELEKT 1");
    cache.forget_unprepared("SELEKT 1");
    CHECK_FALSE(cache.find("SELEKT 1").has_value());
    CHECK(cache.take_dropped().empty());
}
