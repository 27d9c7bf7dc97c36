#include "group/database_monitor.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

const error unreachable{errc::database_unreachable, "connection refused"};

result<fence_record> fence_at(std::uint64_t number) {
    return fence_record{"orders", term{number}, "a", "a:1", {}};
}

template <class Action>
const Action* find(const monitor_actions& all) {
    for (const auto& each : all) {
        if (const auto* found = std::get_if<Action>(&each)) return found;
    }
    return nullptr;
}

bool probes(const monitor_actions& all) {
    return find<action::probe>(all) != nullptr;
}

database_monitor started() {
    database_monitor made("orders", "a");
    REQUIRE(probes(made.start()));
    return made;
}

database_monitor reachable() {
    auto made = started();
    made.probed(fence_at(3), noon);
    return made;
}

}  // namespace

TEST_CASE("a database that answers makes the node eligible and shows its fence") {
    auto monitor = started();
    const auto out = monitor.probed(fence_at(3), noon);
    REQUIRE(find<fence_seen>(out));
    CHECK(find<fence_seen>(out)->term == term{3});
    REQUIRE(find<eligibility_changed>(out));
    CHECK(find<eligibility_changed>(out)->eligible);
    CHECK(monitor.is_connected());
}

TEST_CASE("the database is probed again a second after each answer, one probe at a time") {
    auto monitor = started();
    CHECK_FALSE(monitor.next_deadline());
    monitor.probed(fence_at(3), noon);
    CHECK(monitor.next_deadline() == noon + 1s);
    CHECK_FALSE(probes(monitor.time_passed(noon + 999ms)));
    CHECK(probes(monitor.time_passed(noon + 1s)));
    CHECK_FALSE(monitor.next_deadline());
    CHECK_FALSE(probes(monitor.time_passed(noon + 9s)));
}

TEST_CASE("one of many that can wait probes more rarely") {
    auto monitor = started();
    monitor.probed(fence_at(3), noon, 2000ms);
    CHECK_FALSE(probes(monitor.time_passed(noon + 10999ms)));
    CHECK(probes(monitor.time_passed(noon + 11000ms)));
    monitor.probed(fence_at(3), noon + 11000ms);
    CHECK(probes(monitor.time_passed(noon + 12000ms)));
}

TEST_CASE("a database that cannot be reached takes eligibility away, and the log tells each reason once") {
    auto monitor = reachable();
    monitor.time_passed(noon + 1s);
    const auto out = monitor.probed(unreachable, noon + 1s);
    REQUIRE(find<eligibility_changed>(out));
    CHECK_FALSE(find<eligibility_changed>(out)->eligible);
    REQUIRE(find<action::log>(out));
    CHECK(find<action::log>(out)->event == "database_unusable");
    CHECK(monitor.trouble() == unreachable);
    monitor.time_passed(noon + 2s);
    CHECK(monitor.probed(unreachable, noon + 2s).empty());
}

TEST_CASE("while a lane is open the lane tells, and a failed probe changes nothing") {
    auto monitor = reachable();
    monitor.lane_opened();
    monitor.time_passed(noon + 1s);
    CHECK(monitor.probed(unreachable, noon + 1s).empty());
    CHECK(monitor.is_connected());
}

TEST_CASE("a lane's short outage changes nothing") {
    auto monitor = reachable();
    monitor.lane_opened();
    monitor.lane_lost(unreachable, noon);
    CHECK(monitor.trouble() == unreachable);
    CHECK_FALSE(monitor.is_connected());
    CHECK(monitor.lane_opened().empty());
    CHECK_FALSE(monitor.trouble());
    CHECK(monitor.is_connected());
    CHECK_FALSE(find<eligibility_changed>(monitor.time_passed(noon + 1h)));
}

TEST_CASE("a lane's outage of five seconds makes the node ineligible") {
    auto monitor = reachable();
    monitor.lane_opened();
    monitor.lane_lost(unreachable, noon);
    CHECK_FALSE(find<eligibility_changed>(monitor.time_passed(noon + 4999ms)));
    monitor.lane_lost({errc::database_unreachable, "still"}, noon + 4s);  // The outage began before.
    CHECK(monitor.trouble()->message == "still");
    const auto out = monitor.time_passed(noon + 5s);
    REQUIRE(find<eligibility_changed>(out));
    CHECK_FALSE(find<eligibility_changed>(out)->eligible);
}

TEST_CASE("when the lane's term is over the database is asked again at once") {
    auto monitor = reachable();
    monitor.lane_opened();
    CHECK(probes(monitor.lane_closed()));
    CHECK_FALSE(probes(monitor.lane_closed()));  // That probe is under way still.
}

TEST_CASE("nothing happens after the end") {
    auto monitor = reachable();
    monitor.lane_opened();
    monitor.lane_lost(unreachable, noon);
    monitor.stop();
    CHECK_FALSE(monitor.next_deadline());
    CHECK(monitor.time_passed(noon + 1h).empty());
    CHECK(monitor.probed(fence_at(9), noon + 1h).empty());
    CHECK_FALSE(probes(monitor.lane_closed()));
}

TEST_CASE("a probe tells which database it is, and that it could not be asked") {
    auto monitor = started();
    auto seen = *fence_at(3);
    seen.database = "7/1";
    CHECK(find<database_identified>(monitor.probed(seen, noon))->identity == "7/1");
    auto other = started();
    CHECK(find<database_identified>(other.probed(unreachable, noon))->identity.empty());
}
