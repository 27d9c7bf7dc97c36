#include "group/change_timeline.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace penholder::group;
using namespace std::chrono_literals;

namespace {

constexpr time_point at(std::chrono::microseconds since) {
    return time_point{} + since;
}

// The fields as a line of the log shows them.
std::string text(const std::optional<std::vector<action::log::field>>& fields) {
    std::string line;
    for (const auto& [key, value] : fields.value()) line += (line.empty() ? "" : " ") + std::string(key) + "=" + value;
    return line;
}

}  // namespace

TEST_CASE("a change of leader is told from its first sign to its first write, once") {
    change_timeline line;
    line.detected(at(10ms));
    line.detected(at(11ms));
    line.elected(at(14ms));
    line.fenced(at(15ms));
    line.serving(at(17500us));
    CHECK(text(line.report(at(20ms))) == "elected_ms=4.0 fenced_ms=5.0 serving_ms=7.5 first_write_ms=10.0");
    CHECK_FALSE(line.report(at(21ms)));
}

TEST_CASE("what did not happen is none, and without a sign the election is the beginning") {
    change_timeline line;
    line.elected(at(14ms));
    CHECK(text(line.report({})) == "elected_ms=0.0 fenced_ms=none serving_ms=none first_write_ms=none");
}

TEST_CASE("a sign that came to nothing is no beginning") {
    change_timeline line;
    line.detected(at(10ms));
    line.settled();
    line.detected(at(30ms));
    line.elected(at(31ms));
    line.fenced(at(32ms));
    CHECK(text(line.report({})) == "elected_ms=1.0 fenced_ms=2.0 serving_ms=none first_write_ms=none");
}

TEST_CASE("a node that was not elected has nothing to report") {
    change_timeline line;
    line.detected(at(10ms));
    CHECK_FALSE(line.report(at(11ms)));
}
