#include "lane/session_pool.hpp"
#include "pool_bench.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;

TEST_CASE("a session is cleaned before its next write, in a round of its own after the write was answered") {
    pool_bench on;
    on.judge(call, not_plain("volatile_function"));
    on.submit(numbered(1));
    on.serve(1);
    on.serve(1);
    CHECK(on.answers.size() == 1);
    CHECK(texts(on.rounds.at(1)) == std::vector<std::string>{"DISCARD ALL"});
    on.submit(numbered(2));
    CHECK(on.rounds.contains(2));  // The first one is not ready yet.
    on.serve(1);
    on.submit(numbered(3));
    CHECK(on.connects == std::vector<int>{1, 2});
    CHECK(holds(on.rounds.at(1), call));
}

TEST_CASE("a session in which nothing can have been left takes its next write at once") {
    pool_bench on;
    on.judge(call, not_plain("system_column", sql::residue::nothing));
    for (int number = 1; number < 4; ++number) {
        on.submit(numbered(number));
        on.serve(1);
        on.serve(1);
        CHECK_FALSE(on.rounds.contains(1));
    }
    CHECK(on.answers.size() == 3);
    CHECK(on.connects == std::vector<int>{1});
}

TEST_CASE("a session that was left as it is, is cleaned before a write that could notice what ran there") {
    pool_bench on;
    const std::string other = "SELECT lastval()";
    on.judge(call, not_plain("system_column", sql::residue::nothing));
    on.judge(other, not_plain("session_state"));
    on.submit(numbered(1));
    on.serve_out(1);
    on.submit(numbered(2, other));
    CHECK(texts(on.rounds.at(1)) == std::vector<std::string>{"DISCARD ALL"});
    on.serve(1);
    CHECK(holds(on.rounds.at(1), other));
    CHECK(on.connects == std::vector<int>{1});
}

TEST_CASE("a write that leaves nothing takes a session that was left as it is, and leaves the new one to others") {
    pool_bench on;
    const std::string other = "SELECT lastval()";
    on.judge(call, not_plain("system_column", sql::residue::nothing));
    on.judge(other, not_plain("session_state"));
    on.submit(numbered(1, other));
    on.submit(numbered(2));
    on.serve_out(1);
    on.serve_out(2);
    REQUIRE(on.connects == std::vector<int>{1, 2});
    on.submit(numbered(3));
    CHECK(holds(on.rounds.at(2), call));
    on.submit(numbered(4, other));
    CHECK(holds(on.rounds.at(1), other));
}

TEST_CASE("a write that was to leave nothing runs again in a cleaned session where the catalogue is another by then") {
    pool_bench on;
    on.judge(call, not_plain("system_column", sql::residue::nothing));
    on.submit(numbered(1));
    on.serve(1);
    const auto seen = on.serve(1, answering("SELECT penholder.check_catalogue", failing("PH002")));
    CHECK_FALSE(seen.other_catalogue);  // It is rolled back first.
    CHECK(texts(on.rounds.at(1)) == std::vector<std::string>{"ROLLBACK"});
    CHECK(on.serve(1).other_catalogue);
    CHECK(texts(on.rounds.at(1)) == std::vector<std::string>{"DISCARD ALL"});
    on.serve_out(1);
    on.serve_out(2);
    REQUIRE(on.answers.size() == 1);
    CHECK(on.answers.front().said.receipt.outcome == outcome::committed);
}

TEST_CASE("sessions that were made under another catalogue are closed, those in use after it") {
    pool_bench on;
    on.judge(call, not_plain("volatile_function"));
    on.submit(numbered(1));
    on.submit(numbered(2));
    on.serve_out(1);
    on.pool.renew();
    on.collect();
    CHECK(on.disconnects == std::vector<int>{1});
    on.serve_out(2);
    CHECK(on.answers.size() == 2);
    CHECK(on.disconnects == std::vector<int>{1, 2});
    on.submit(numbered(3));
    on.serve_out(1);
    CHECK(on.disconnects == std::vector<int>{1, 2});
}

TEST_CASE("a session is closed where cleaning is not known to clean it, or failed") {
    pool_bench on;
    on.submit(numbered(1));  // Nobody knows the shape.
    on.serve_out(1);
    CHECK(on.disconnects == std::vector<int>{1});
    on.judge(call, not_plain("user_function", sql::residue::unclean));
    on.submit(numbered(2));
    on.serve_out(1);
    CHECK(on.disconnects == std::vector<int>{1, 1});
    on.judge(call, not_plain("user_function", sql::residue::cleanable));
    on.submit(numbered(3));
    on.serve_out(1, answering("DISCARD ALL", failing("25001")));
    CHECK(on.disconnects == std::vector<int>{1, 1, 1});
    CHECK(on.answers.size() == 3);
    CHECK(on.counters().sessions_open == 0);
}
