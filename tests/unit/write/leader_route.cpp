#include "write/leader_route.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace std::chrono_literals;

namespace {

constexpr leader_route::time_point noon = leader_route::time_point{} + 12h;

leader_route there(std::uint64_t number = 5) {
    leader_route made("a", noon);
    made.leads_there(term{number}, "b", "b:1");
    return made;
}

}  // namespace

TEST_CASE("another's lead is reached over a link of its term, and over no other") {
    auto route = there();
    CHECK_FALSE(route.reaches_leader());
    route.link_up(term{4}, 100);
    CHECK_FALSE(route.reaches_leader());
    route.link_up(term{5}, 100);
    CHECK(route.reaches_leader());
    CHECK(route.current() == penholder::route(route_there{term{5}, "b", "b:1", true}));
    route.leads_there(term{6}, "c", "c:1");
    CHECK_FALSE(route.reaches_leader());
    route.leads_here(term{7});
    CHECK(route.reaches_leader());
    CHECK(route.current() == penholder::route(route_here{term{7}}));
}

TEST_CASE("a link has room for as many as its window, the own lane for all") {
    auto route = there();
    route.link_up(term{5}, 2);
    CHECK(route.has_room(1));
    CHECK_FALSE(route.has_room(2));
    route.link_up(term{5}, 0);  // A window of none would never send anything.
    CHECK(route.has_room(0));
    route.link_down();
    CHECK_FALSE(route.has_room(0));
    route.leads_here(term{6});
    CHECK(route.has_room(1000));
}

TEST_CASE("a hint is news once, where it names a newer leader, or the same one while none is known") {
    auto route = there();
    CHECK_FALSE(route.is_news({term{5}, "b", "b:1"}));
    CHECK(route.is_news({term{6}, "c", "c:1"}));
    CHECK_FALSE(route.is_news({term{6}, "c", "c:1"}));
    auto lost = there();
    lost.leads_nowhere(noon);
    CHECK(lost.is_news({term{5}, "b", "b:1"}));
}

TEST_CASE("why a write was not sent names who leads, or led last, and for how long nobody has") {
    auto route = there();
    CHECK(route.why_not_sent(noon) ==
          "'b' leads with term 5 at b:1, but could not be given the write before the deadline");
    route.leads_nowhere(noon + 1s);
    route.leads_nowhere(noon + 2s);
    CHECK(route.current() == penholder::route(route_nowhere{"b"}));
    CHECK(route.why_not_sent(noon + 4s) ==
          "nobody has led for 3000 ms; 'b' led last, with term 5; the write was not sent and may be submitted again");
    const leader_route never("a", noon);
    CHECK(never.why_not_sent(noon + 1s) ==
          "nobody has led for 1000 ms; the write was not sent and may be submitted again");
}
