#include "group/change_timeline.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace std::chrono_literals;

namespace {

constexpr change_timeline::time_point at(std::chrono::microseconds since) {
    return change_timeline::time_point{} + since;
}

}  // namespace

TEST_CASE("a change of leader is told from its first sign to its first write, once") {
    change_timeline line;
    line.detected(at(10ms));
    line.detected(at(11ms));
    line.elected(at(14ms));
    line.fenced(at(15ms));
    line.serving(at(17500us));
    CHECK(line.tell(at(20ms)) == "elected_ms=4.0 fenced_ms=5.0 serving_ms=7.5 first_write_ms=10.0");
    CHECK_FALSE(line.tell(at(21ms)));
}

TEST_CASE("what did not happen is none, and without a sign the election is the beginning") {
    change_timeline line;
    line.elected(at(14ms));
    CHECK(line.tell({}) == "elected_ms=0.0 fenced_ms=none serving_ms=none first_write_ms=none");
}

TEST_CASE("a sign that came to nothing is no beginning") {
    change_timeline line;
    line.detected(at(10ms));
    line.settled();
    line.detected(at(30ms));
    line.elected(at(31ms));
    line.fenced(at(32ms));
    CHECK(line.tell({}) == "elected_ms=1.0 fenced_ms=2.0 serving_ms=none first_write_ms=none");
}

TEST_CASE("a node that was not elected has nothing to tell") {
    change_timeline line;
    line.detected(at(10ms));
    CHECK_FALSE(line.tell(at(11ms)));
}
