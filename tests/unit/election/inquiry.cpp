#include "election/inquiry.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;
using namespace std::chrono_literals;

namespace {

inquiry an_inquiry() {
    return {100ms, 400ms, 1};
}

}  // namespace

TEST_CASE("only the answer to the open question closes it, and gives the question back") {
    auto it = an_inquiry();
    CHECK_FALSE(it.close(0));
    const auto first = it.open(action::enroll{});
    CHECK(it.is_open());
    CHECK_FALSE(it.close(first.ticket + 1));
    const auto asked = it.close(first.ticket);
    REQUIRE(asked);
    CHECK(std::holds_alternative<action::enroll>(*asked));
    CHECK(it.is_idle());
    CHECK_FALSE(it.close(first.ticket));
}

TEST_CASE("an answer from before a disconnect closes nothing") {
    auto it = an_inquiry();
    const auto before = it.open(action::enroll{});
    it.drop();
    CHECK_FALSE(it.close(before.ticket));
    const auto after = it.open(action::withdraw{});
    CHECK_FALSE(it.close(before.ticket));
    CHECK(it.close(after.ticket));
}

TEST_CASE("a first lost race is tried again at once, a second one after a pause") {
    auto it = an_inquiry();
    CHECK_FALSE(it.lost_race());
    CHECK(it.is_idle());
    const auto pause = it.lost_race();
    REQUIRE(pause);
    CHECK(*pause > 0ms);
    CHECK_FALSE(it.is_idle());
    CHECK_FALSE(it.is_open());
    it.wake();
    CHECK(it.is_idle());
    it.settled();
    CHECK_FALSE(it.lost_race());
}

TEST_CASE("a failure rests, and is remembered until all is well again") {
    auto it = an_inquiry();
    const auto pause = it.failed({errc::ensemble_unreachable, "gone"});
    CHECK(pause >= 50ms);
    CHECK(pause <= 100ms);
    REQUIRE(it.trouble());
    CHECK(it.trouble()->message == "gone");
    it.wake();
    CHECK(it.trouble());
    it.settled();
    CHECK_FALSE(it.trouble());
}

TEST_CASE("pauses grow up to their limit, and waking up ends no open question") {
    auto it = an_inquiry();
    for (int i = 0; i < 6; ++i) {
        const auto pause = it.rest();
        CHECK(pause <= 400ms);
        it.wake();
    }
    CHECK(it.rest() >= 200ms);
    it.wake();
    it.open(action::enroll{});
    it.wake();
    CHECK(it.is_open());
}
