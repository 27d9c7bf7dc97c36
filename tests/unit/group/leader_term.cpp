#include "group/leader_term.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;

namespace {

result<fence_answer> raised(std::uint64_t number) {
    return fence_answer{{"orders", term{number}, "a", "a:1", {}}, true};
}

result<fence_answer> held_by_another(std::uint64_t number) {
    return fence_answer{{"orders", term{number}, "b", "b:1", {}}, false};
}

// "raise 4; open 1 4; held 4": what came of a call.
std::string text(const term_action& one) {
    const auto number = [](auto value) { return " " + std::to_string(value.value); };
    if (const auto* what = std::get_if<action::raise_fence>(&one)) return "raise" + number(what->term);
    if (const auto* what = std::get_if<action::open_lane>(&one)) {
        return "open" + number(what->lane) + number(what->term);
    }
    if (const auto* what = std::get_if<action::drain_lane>(&one)) return "drain" + number(what->lane);
    if (const auto* what = std::get_if<action::close_lane>(&one)) return "close" + number(what->lane);
    if (const auto* what = std::get_if<fence_held>(&one)) return "held" + number(what->term);
    if (const auto* what = std::get_if<term_drained>(&one)) return "drained" + number(what->term);
    const auto& refused = std::get<fence_refused>(one);
    return "refused" + number(refused.term) + " " + std::string(to_string(refused.why.code)) +
           (refused.seen ? number(*refused.seen) : "");
}

std::string text(const term_actions& all) {
    std::string joined;
    for (const auto& one : all) joined += (joined.empty() ? "" : "; ") + text(one);
    return joined;
}

leader_term leading(std::uint64_t number) {
    leader_term made;
    made.begin(term{number});
    made.fence_answered(term{number}, raised(number));
    return made;
}

}  // namespace

TEST_CASE("whoever is elected raises the fence first, and opens its lane when that stands") {
    leader_term own;
    CHECK(text(own.begin(term{4})) == "raise 4");
    CHECK_FALSE(own.lane());
    CHECK(text(own.fence_answered(term{4}, raised(4))) == "open 1 4; held 4");
    CHECK(own.lane() == lane_id{1});
}

TEST_CASE("a fence that somebody else holds, or that cannot be reached, opens no lane") {
    leader_term own;
    own.begin(term{4});
    CHECK(text(own.fence_answered(term{4}, held_by_another(7))) == "refused 4 fenced 7");
    own.begin(term{8});
    CHECK(text(own.fence_answered(term{8}, error{errc::database_unreachable, "no route"})) ==
          "refused 8 database_unreachable");
    CHECK_FALSE(own.lane());
}

TEST_CASE("an answer to a term that is over is dropped") {
    leader_term own;
    own.begin(term{4});
    own.step_down();
    CHECK(text(own.fence_answered(term{4}, raised(4))).empty());
    own.begin(term{5});
    CHECK(text(own.fence_answered(term{4}, raised(4))).empty());
    CHECK(text(own.fence_answered(term{5}, raised(5))) == "open 1 5; held 5");
}

TEST_CASE("a term is drained when its lane is, and at once without one") {
    auto own = leading(4);
    CHECK(text(own.drain()) == "drain 1");
    CHECK(text(own.lane_drained({1})) == "drained 4");
    leader_term early;
    early.begin(term{5});
    CHECK(text(early.drain()) == "drained 5");
    leader_term never;
    CHECK(text(never.drain()).empty());
}

TEST_CASE("the lane of a term that is over finishes its last batch, and is closed then") {
    auto own = leading(4);
    CHECK(text(own.step_down()) == "drain 1");
    CHECK_FALSE(own.lane());
    CHECK(text(own.lane_drained({1})) == "close 1");
    CHECK(text(own.lane_drained({1})).empty());
    CHECK(text(own.step_down()).empty());
}

TEST_CASE("who is elected again does not wait for the last term's lane") {
    auto own = leading(4);
    own.step_down();
    CHECK(text(own.begin(term{6})) == "close 1; raise 6");
    CHECK(text(own.fence_answered(term{6}, raised(6))) == "open 2 6; held 6");
    CHECK(text(own.lane_drained({1})).empty());
}

TEST_CASE("the end closes every lane at once") {
    auto own = leading(4);
    own.step_down();
    own.begin(term{5});
    own.fence_answered(term{5}, raised(5));
    CHECK(text(own.end()) == "close 2");
    CHECK(text(own.end()).empty());
}
