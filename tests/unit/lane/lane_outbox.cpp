#include "lane/lane_outbox.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

write_answer some_answer() {
    return handed_back(errc::not_leader, "gone");
}

}  // namespace

TEST_CASE("answers that follow each other go out together, others keep their place") {
    lane_outbox out;
    out.answer(ticket{1}, some_answer());
    out.answer(ticket{2}, some_answer());
    out.push(action::opened{});
    out.answer(ticket{3}, some_answer());
    const auto all = out.take();
    REQUIRE(all.size() == 3);
    CHECK(std::get<action::answers>(all[0]).all.size() == 2);
    CHECK(std::get<action::answers>(all[0]).all[1].ticket == ticket{2});
    CHECK(std::holds_alternative<action::opened>(all[1]));
    CHECK(std::get<action::answers>(all[2]).all[0].ticket == ticket{3});
    CHECK(out.take().empty());
}

TEST_CASE("to begin soon is asked for once until it happens") {
    lane_outbox out;
    out.wake();
    out.wake();
    CHECK(out.take().size() == 1);
    out.wake();
    CHECK(out.take().empty());
    out.woke(now);
    out.wake();
    CHECK(out.take().size() == 1);
}

TEST_CASE("a time to begin is asked for where it is earlier than what was asked for, until that has come") {
    lane_outbox out;
    out.wake_at(now + 10ms);
    out.wake_at(now + 20ms);
    CHECK(out.take().size() == 1);
    out.wake_at(now + 5ms);
    const auto earlier = out.take();
    REQUIRE(earlier.size() == 1);
    CHECK(std::get<action::begin_at>(earlier[0]).when == now + 5ms);
    out.woke(now);
    out.wake_at(now + 20ms);
    CHECK(out.take().empty());
    out.woke(now + 5ms);
    out.wake_at(now + 20ms);
    CHECK(out.take().size() == 1);
}
