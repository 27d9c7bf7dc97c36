#include "election/known_group.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace penholder;
using namespace penholder::election;

namespace {

const std::string ahead = candidate_prefix(0x20) + "0000000001";

group_snapshot behind_b() {
    auto seen = driver::enrolled();
    seen.candidates.push_back({ahead, {"b", 0, true}, 5});
    return full(seen);
}

}  // namespace

TEST_CASE("a full read stands until it is doubted or a partial one replaces it") {
    known_group it;
    it.take_in(full(driver::enrolled()), driver::session);
    CHECK(it.full_read_stands());
    it.doubt();
    CHECK_FALSE(it.full_read_stands());
    it.take_in(full(driver::enrolled()), driver::session);
    it.take_in(driver::enrolled(), driver::session);
    CHECK_FALSE(it.full_read_stands());
}

TEST_CASE("the larger of two needs is kept, and reading meets it") {
    known_group it;
    CHECK_FALSE(it.needed());
    it.need(scope::full);
    it.need(scope::partial);
    CHECK(it.needed() == scope::full);
    it.reading();
    it.need(scope::partial);
    CHECK(it.needed() == scope::partial);
}

TEST_CASE("a node is enrolled by its own session's member, and a candidate from its first candidate on") {
    known_group it;
    it.take_in(full(driver::enrolled()), 0x99);
    CHECK_FALSE(it.is_enrolled());
    auto alone = driver::enrolled();
    alone.candidates.clear();
    it.take_in(full(alone), driver::session);
    CHECK(it.is_enrolled());
    CHECK_FALSE(it.is_candidate());
    it.take_in(full(driver::enrolled()), driver::session);
    CHECK(it.is_candidate());
    it.take_in(full(alone), driver::session);
    CHECK(it.is_candidate());
    it.withdrew();
    CHECK_FALSE(it.is_enrolled());
}

TEST_CASE("the first in succession has nobody to watch, the others the one just ahead, once") {
    known_group it;
    it.take_in(full(driver::enrolled()), driver::session);
    it.find_place(driver::session, "");
    CHECK(it.is_first());
    CHECK(it.unwatched_predecessor() == nullptr);

    it.take_in(behind_b(), driver::session);
    it.find_place(driver::session, "");
    CHECK_FALSE(it.is_first());
    CHECK(it.is_behind("b"));
    REQUIRE(it.unwatched_predecessor() != nullptr);
    CHECK(it.unwatched_predecessor()->version == 5);
    it.watching(ahead);
    CHECK(it.unwatched_predecessor() == nullptr);
    CHECK_FALSE(it.watch_fired("another"));
    CHECK(it.watch_fired(ahead));
    CHECK(it.unwatched_predecessor() != nullptr);
}

TEST_CASE("those ahead are known in their order; all that could lead where the node itself is none of them") {
    known_group it;
    auto seen = behind_b();
    seen.candidates.push_back({candidate_prefix(0x30) + "0000000002", {"c", 0, true}, 0});
    it.take_in(seen, driver::session);
    it.find_place(driver::session, "");
    CHECK(it.ahead() == std::vector<std::string>{"b", "c"});
    it.find_place(driver::session, "b");
    CHECK(it.ahead() == std::vector<std::string>{"c"});
    it.find_place(0x99, "");
    CHECK(it.ahead() == std::vector<std::string>{"b", "c", "a"});
}

TEST_CASE("the leader itself stands before nobody") {
    known_group it;
    it.take_in(behind_b(), driver::session);
    it.find_place(driver::session, "b");
    CHECK(it.is_first());
}

TEST_CASE("with the session all is forgotten but what operators asked for") {
    known_group it;
    auto seen = behind_b();
    seen.control.paused = true;
    it.take_in(seen, driver::session);
    it.find_place(driver::session, "");
    it.watching(ahead);
    it.forget();
    CHECK_FALSE(it.is_enrolled());
    CHECK_FALSE(it.full_read_stands());
    CHECK_FALSE(it.is_behind("b"));
    CHECK(it.seen().candidates.empty());
    CHECK(it.seen().control.paused);
}

TEST_CASE("another connection leaves no watches and needs a full read") {
    known_group it;
    it.take_in(behind_b(), driver::session);
    it.find_place(driver::session, "");
    it.watching(ahead);
    it.reconnected();
    CHECK(it.needed() == scope::full);
    CHECK_FALSE(it.full_read_stands());
    CHECK(it.unwatched_predecessor() != nullptr);
}
