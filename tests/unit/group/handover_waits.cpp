#include "group/handover_waits.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

constexpr ticket caller{7};

leadership led_by(const std::string& node, std::uint64_t number, bool serving = true) {
    return {"orders", role::follower, number, node, node + ":1", serving};
}

std::optional<election::handover_request> request_for(std::uint64_t number) {
    return election::handover_request{"b", term{number}, false};
}

handover_waits waiting(std::uint64_t from_term = 4) {
    handover_waits made("orders");
    made.wait(caller, noon + 5s);
    made.requested(caller, term{from_term});
    return made;
}

}  // namespace

TEST_CASE("a handover is over when a later leader serves, and not before") {
    auto waits = waiting();
    CHECK(waits.review(led_by("a", 4), request_for(4)).empty());
    CHECK(waits.review(led_by("b", 5, false), {}).empty());
    const auto told = waits.review(led_by("b", 5), {});
    REQUIRE(told.size() == 1);
    CHECK(told[0].to == caller);
    CHECK(told[0].what->leader == "b");
    CHECK(waits.review(led_by("b", 5), {}).empty());
}

TEST_CASE("a request that was seen and goes while its leader stays was refused") {
    auto waits = waiting();
    CHECK(waits.review(led_by("a", 4), {}).empty());  // Not seen yet.
    waits.review(led_by("a", 4), request_for(4));
    const auto told = waits.review(led_by("a", 4), {});
    REQUIRE(told.size() == 1);
    CHECK(told[0].what.error().code == errc::refused);
}

TEST_CASE("a request that goes with its leader was not refused") {
    auto waits = waiting();
    waits.review(led_by("a", 4), request_for(4));
    CHECK(waits.review(led_by("", 0, false), {}).empty());
    CHECK(waits.review(led_by("b", 5), {}).size() == 1);
}

TEST_CASE("a request that could not be written tells why") {
    handover_waits waits("orders");
    waits.wait(caller, noon + 5s);
    CHECK(waits.review(led_by("b", 9), {}).empty());  // From which term on is not known.
    const auto told = waits.requested(caller, error{errc::node_not_found, "nobody"});
    REQUIRE(told.size() == 1);
    CHECK(told[0].what.error().code == errc::node_not_found);
    CHECK(waits.requested(caller, term{4}).empty());
}

TEST_CASE("a handover that takes longer than its caller waits is in progress") {
    auto waits = waiting();
    CHECK(waits.next_deadline() == noon + 5s);
    CHECK(waits.time_passed(noon + 4999ms).empty());
    const auto told = waits.time_passed(noon + 5s);
    REQUIRE(told.size() == 1);
    CHECK(told[0].what.error().code == errc::in_progress);
    CHECK_FALSE(waits.next_deadline());
}

TEST_CASE("all that wait are refused together") {
    auto waits = waiting();
    waits.wait({8}, noon + 1s);
    CHECK(waits.next_deadline() == noon + 1s);
    CHECK(waits.refuse({errc::refused, "nobody else could lead"}).size() == 2);
    CHECK(waits.refuse({errc::refused, "nobody else could lead"}).empty());
}
