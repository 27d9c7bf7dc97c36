#include "lane/lock_holder.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;

TEST_CASE("who holds a lock is named as far as PostgreSQL shows it") {
    CHECK(waiting_for({4711, "psql", "alice", "idle in transaction"}) ==
          "waits for a lock held by pid 4711, application 'psql', user 'alice', idle in transaction");
    CHECK(waiting_for({4711, "", "alice", ""}) ==
          "waits for a lock held by pid 4711, user 'alice', of whom only pg_read_all_stats shows more");
    CHECK(waiting_for({}) == "waits for a lock held by a prepared transaction; look into pg_prepared_xacts");
}
