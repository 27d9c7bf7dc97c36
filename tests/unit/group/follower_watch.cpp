#include "group/follower_watch.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto reach_limit = 8s;

member one_of_group(const std::string& node, const std::string& database = "7/1") {
    member made;
    made.node = node;
    made.incarnation = "life-of-" + node;
    made.endpoint = node + ":7431";
    made.database = database;
    return made;
}

const std::vector<member> all_three{one_of_group("a"), one_of_group("b"), one_of_group("c")};

follower_watch watch_of_a() {
    return {one_of_group("a"), "orders", reach_limit};
}

/// Node "a" has led since noon, and "b" and "c" ought to follow it.
follower_watch watch_of_leader() {
    auto made = watch_of_a();
    made.enrolled(all_three, noon - 1min);
    CHECK(made.serves(true, noon).empty());
    return made;
}

template <class Event>
bool tells(const watch_actions& all) {
    for (const auto& each : all) {
        const auto* told = std::get_if<election::any_event>(&each);
        if (told != nullptr && std::holds_alternative<Event>(*told)) return true;
    }
    return false;
}

const action::log* line_in(const watch_actions& all) {
    for (const auto& each : all) {
        if (const auto* found = std::get_if<action::log>(&each)) return found;
    }
    return nullptr;
}

using election::event::reached;
using election::event::unreached;

}  // namespace

TEST_CASE("a leader to which nobody links for a while says so once, and tells the elector") {
    auto watch = watch_of_leader();
    CHECK(watch.next_deadline() == noon + reach_limit);
    CHECK(watch.time_passed(noon + reach_limit - 1ms).empty());
    CHECK_FALSE(watch.trouble());
    const auto out = watch.time_passed(noon + reach_limit);
    CHECK(tells<unreached>(out));
    REQUIRE(line_in(out));
    CHECK(line_in(out)->event == "leader_unreached");
    CHECK(value_of(*line_in(out), "endpoint") == "a:7431");
    REQUIRE(watch.trouble());
    for (const auto* part : {"node a at a:7431", "b, c", "[link] advertise"}) {
        CHECK_THAT(watch.trouble()->message, Catch::Matchers::ContainsSubstring(part));
    }
    CHECK_FALSE(line_in(watch.time_passed(*watch.next_deadline())));
}

TEST_CASE("the elector is told again after pauses that grow to a minute") {
    auto watch = watch_of_leader();
    auto now = noon + reach_limit;
    for (const auto pause : {8s, 16s, 32s, 60s, 60s}) {
        CHECK(tells<unreached>(watch.time_passed(now)));
        CHECK(watch.time_passed(now).empty());
        CHECK(watch.next_deadline() == now + pause);
        now += pause;
    }
}

TEST_CASE("one link is proof that the leader can be reached") {
    auto watch = watch_of_leader();
    CHECK(tells<reached>(watch.linked(1, noon + 1s)));
    CHECK_FALSE(watch.next_deadline());
    CHECK(watch.linked(2, noon + 2s).empty());
    CHECK(watch.linked(1, noon + 3s).empty());
    CHECK(watch.linked(0, noon + 1h).empty());
    CHECK(watch.next_deadline() == noon + 1h + reach_limit);
}

TEST_CASE("a link ends the trouble, and the log says so") {
    auto watch = watch_of_leader();
    watch.time_passed(noon + reach_limit);
    const auto out = watch.linked(1, noon + 20s);
    CHECK(tells<reached>(out));
    REQUIRE(line_in(out));
    CHECK(line_in(out)->event == "leader_reached");
    CHECK_FALSE(watch.trouble());
    watch.linked(0, noon + 30s);
    CHECK(line_in(watch.time_passed(noon + 30s + reach_limit)));
    CHECK(watch.next_deadline() == noon + 30s + 2 * reach_limit);  // The pauses begin anew.
}

TEST_CASE("a leader that is alone is no leader that nobody reaches") {
    auto watch = watch_of_a();
    watch.enrolled({one_of_group("a")}, noon);
    watch.serves(true, noon);
    CHECK_FALSE(watch.next_deadline());
    watch.enrolled(all_three, noon + 1h);
    CHECK(watch.next_deadline() == noon + 1h + reach_limit);
    watch.time_passed(noon + 2h);
    CHECK(watch.trouble());
    CHECK_FALSE(line_in(watch.enrolled({one_of_group("a")}, noon + 3h)));
    CHECK_FALSE(watch.trouble());
}

TEST_CASE("a node that restarts again and again never had the time to link") {
    auto watch = watch_of_a();
    watch.serves(true, noon);
    auto other = one_of_group("b");
    for (int life = 1; life <= 5; ++life) {
        other.incarnation = "life-" + std::to_string(life);
        const auto now = noon + life * 5s;
        watch.enrolled({one_of_group("a"), other}, now);
        CHECK(watch.next_deadline() == now + reach_limit);
    }
    watch.enrolled({one_of_group("a"), other, one_of_group("c")}, noon + 26s);
    CHECK(watch.next_deadline() == noon + 25s + reach_limit);
}

TEST_CASE("nobody expects a link of a node with another database") {
    auto watch = watch_of_a();
    watch.serves(true, noon);
    watch.enrolled({one_of_group("a"), one_of_group("b", "8/1")}, noon);
    CHECK_FALSE(watch.next_deadline());
    watch.enrolled({one_of_group("a"), one_of_group("b", "")}, noon);  // An observer does not look.
    CHECK(watch.next_deadline() == noon + reach_limit);
}

TEST_CASE("only a leader that serves waits for links, and it begins anew when the ensemble is back") {
    auto watch = watch_of_leader();
    watch.time_passed(noon + reach_limit);
    watch.serves(false, noon + 10s);
    CHECK_FALSE(watch.next_deadline());
    CHECK_FALSE(watch.trouble());
    watch.serves(true, noon + 20s);
    CHECK(watch.next_deadline() == noon + 20s + reach_limit);
}

TEST_CASE("a follower to which somebody links tells it too") {
    auto watch = watch_of_a();
    CHECK(tells<reached>(watch.linked(1, noon)));
    CHECK_FALSE(watch.next_deadline());
}
