#include "group/receipt_search.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

const route here = route_here{term{4}};
const route there = route_there{term{4}, "b", "b:1", true};
const route unlinked = route_there{term{4}, "b", "b:1", false};
const route nowhere = route_nowhere{"b"};
constexpr link_id over{3};

receipt some_receipt() {
    receipt made;
    made.write_id = "order-1";
    made.outcome = outcome::committed;
    return made;
}

receipt_search search_of_orders() {
    return {"orders", true};
}

template <class Action>
const Action& only(const search_actions& all) {
    REQUIRE(all.size() == 1);
    return std::get<Action>(all[0]);
}

errc refusal(const search_actions& all) {
    return only<action::answer_find>(all).what.error().code;
}

}  // namespace

TEST_CASE("the leader asks its own database") {
    auto search = search_of_orders();
    const auto asked = search.find({{1}, "order-1"}, here, {}, noon);
    CHECK(only<action::read_receipt>(asked).id == "order-1");
    const auto told = search.read({1}, std::optional(some_receipt()), false);
    CHECK(only<action::answer_find>(told).what.value()->write_id == "order-1");
}

TEST_CASE("a follower asks the leader over the link") {
    auto search = search_of_orders();
    const auto asked = search.find({{1}, "order-1"}, there, over, noon);
    CHECK(only<action::send>(asked).link == over);
    CHECK(std::get<wire::find>(only<action::send>(asked).what.what).id == "order-1");
    const auto told = search.replied({1}, {std::nullopt, std::nullopt, std::nullopt});
    CHECK_FALSE(only<action::answer_find>(told).what->has_value());
    CHECK(search.replied({1}, {some_receipt(), std::nullopt, std::nullopt}).empty());
}

TEST_CASE("without a leader that can be reached nobody is asked") {
    auto search = search_of_orders();
    CHECK(refusal(search.find({{1}, "order-1"}, nowhere, {}, noon)) == errc::no_leader);
    CHECK(refusal(search.find({{2}, "order-1"}, unlinked, {}, noon)) == errc::no_leader);
    receipt_search election_only("orders", false);
    CHECK(refusal(election_only.find({{1}, "order-1"}, here, {}, noon)) == errc::invalid_argument);
}

TEST_CASE("a link without room is an overload, and the leader's own failure is told") {
    auto search = search_of_orders();
    search.find({{1}, "order-1"}, there, over, noon);
    CHECK(refusal(search.not_sent({1})) == errc::overloaded);
    search.find({{2}, "order-1"}, there, over, noon);
    CHECK(refusal(search.replied({2}, {{}, error{errc::not_leader, "not now"}, {}})) == errc::not_leader);
}

TEST_CASE("that the database refuses its node is no fault of who asks") {
    auto search = search_of_orders();
    search.find({{1}, "order-1"}, here, {}, noon);
    const auto told = search.read({1}, error{errc::unauthorized, "42501: permission denied", "42501"}, false);
    CHECK(refusal(told) == errc::database_unreachable);
    CHECK(only<action::answer_find>(told).what.error().sqlstate == "42501");
}

TEST_CASE("nobody waits for longer than two seconds") {
    auto search = search_of_orders();
    search.find({{1}, "order-1"}, there, over, noon);
    search.find({{2}, "order-2"}, here, {}, noon + 1s);
    CHECK(search.next_deadline() == noon + 2s);
    CHECK(search.time_passed(noon + 1999ms).empty());
    CHECK(refusal(search.time_passed(noon + 2s)) == errc::no_leader);
    CHECK(refusal(search.time_passed(noon + 3s)) == errc::database_unreachable);
    CHECK_FALSE(search.next_deadline());
    CHECK(search.read({2}, std::optional(some_receipt()), false).empty());
}

TEST_CASE("a follower's question is answered where this node leads, and only there") {
    auto search = search_of_orders();
    const auto away = search.find_for_peer({{1}, "order-1"}, there, noon);
    const auto& refused = std::get<wire::find_result>(only<action::answer_peer>(away).what);
    CHECK(refused.failed->code == errc::not_leader);
    CHECK(only<action::read_receipt>(search.find_for_peer({{2}, "order-1"}, here, noon)).from == ticket{2});
    const auto told = search.read({2}, std::optional(some_receipt()), false);
    CHECK(std::get<wire::find_result>(only<action::answer_peer>(told).what).found->write_id == "order-1");
    search.find_for_peer({{3}, "order-1"}, here, noon);
    const auto failed = search.read({3}, error{errc::database_unreachable, "gone"}, false);
    CHECK(std::get<wire::find_result>(only<action::answer_peer>(failed).what).failed->code ==
          errc::database_unreachable);
}

TEST_CASE("searches in the database are bounded, also by those that nobody waits for any more") {
    auto search = search_of_orders();
    std::uint64_t last = 0;
    for (std::size_t count = 0; count < receipt_search::most_reads; ++count) {
        search.find({{++last}, "order-1"}, here, {}, noon);
    }
    CHECK(refusal(search.find({{++last}, "order-1"}, here, {}, noon)) == errc::overloaded);
    search.time_passed(noon + 2s);
    CHECK(refusal(search.find({{++last}, "order-1"}, here, {}, noon + 2s)) == errc::overloaded);
    search.read({1}, std::optional<receipt>(), false);
    CHECK(only<action::read_receipt>(search.find({{++last}, "order-1"}, here, {}, noon + 2s)).id == "order-1");
}

TEST_CASE("the end answers all that are still searching") {
    auto search = search_of_orders();
    search.find({{1}, "order-1"}, there, over, noon);
    CHECK(refusal(search.give_up()) == errc::shutting_down);
    CHECK_FALSE(search.next_deadline());
}

TEST_CASE("a write that is under way and has no receipt is in flight") {
    auto search = search_of_orders();
    const auto in_flight = [](const search_actions& all) {
        const auto& shown = only<action::answer_find>(all).what.value();
        return shown->write_id == "order-1" && shown->outcome == outcome::unknown &&
               shown->why->code == errc::in_flight;
    };
    search.find({{1}, "order-1"}, here, {}, noon);
    CHECK(in_flight(search.read({1}, std::optional<receipt>(), true)));
    search.find({{2}, "order-1", true}, here, {}, noon);
    CHECK(in_flight(search.read({2}, std::optional<receipt>(), false)));
    search.find({{3}, "order-1", true}, there, over, noon);
    CHECK(in_flight(search.replied({3}, {std::nullopt, std::nullopt, std::nullopt})));
    CHECK(in_flight(search.find({{4}, "order-1", true}, nowhere, {}, noon)));
    search.find({{5}, "order-1", true}, there, over, noon);
    CHECK(in_flight(search.time_passed(noon + 2s)));
}

TEST_CASE("a receipt says more than that the same write is under way again") {
    auto search = search_of_orders();
    search.find({{1}, "order-1", true}, here, {}, noon);
    const auto told = search.read({1}, std::optional(some_receipt()), true);
    CHECK(only<action::answer_find>(told).what.value()->outcome == outcome::committed);
}

TEST_CASE("a follower hears that a write is in flight at its leader") {
    auto search = search_of_orders();
    search.find_for_peer({{1}, "order-1"}, here, noon);
    const auto told = search.read({1}, std::optional<receipt>(), true);
    const auto& found = std::get<wire::find_result>(only<action::answer_peer>(told).what).found;
    REQUIRE(found);
    CHECK(found->outcome == outcome::unknown);
    CHECK(found->why->code == errc::in_flight);
}

TEST_CASE("a receipt is forgotten where its leader is, under that leader's term") {
    auto search = search_of_orders();
    const auto here_asked = search.find({{1}, "order-1", false, "alice"}, here, {}, noon);
    const auto& wanted = only<action::forget_key>(here_asked);
    CHECK(wanted.term == term{4});
    CHECK(wanted.id == "order-1");
    CHECK(wanted.by == "alice");
    const auto told = search.forgotten({1}, std::optional(some_receipt()), false);
    CHECK(only<action::answer_find>(told).what.value()->write_id == "order-1");

    const auto there_asked = search.find({{2}, "order-1", false, "alice"}, there, over, noon);
    CHECK(std::get<wire::forget>(only<action::send>(there_asked).what.what) == wire::forget{"order-1", "alice"});
    CHECK(refusal(search.replied({2}, wire::forget_result{{}, error{errc::refused, "committed"}})) == errc::refused);
    search.find({{3}, "order-1", false, "alice"}, there, over, noon);
    CHECK_FALSE(only<action::answer_find>(search.replied({3}, wire::forget_result{})).what->has_value());
}

TEST_CASE("a follower's wish to forget is answered where this node leads, and only there") {
    auto search = search_of_orders();
    const auto failure = [](const search_actions& all) {
        return std::get<wire::forget_result>(only<action::answer_peer>(all).what).failed.value().code;
    };
    CHECK(failure(search.find_for_peer({{1}, "order-1", false, "alice"}, there, noon)) == errc::not_leader);
    CHECK(failure(search.find_for_peer({{2}, "order-1", true, "alice"}, here, noon)) == errc::in_flight);
    search.find_for_peer({{3}, "order-1", false, "alice"}, here, noon);
    const auto told = search.forgotten({3}, std::optional(some_receipt()), false);
    const auto& said = std::get<wire::forget_result>(only<action::answer_peer>(told).what);
    CHECK(said.forgotten->write_id == "order-1");
    CHECK_FALSE(said.failed);
}

TEST_CASE("what is in flight is not forgotten, wherever that shows") {
    auto search = search_of_orders();
    CHECK(refusal(search.find({{1}, "order-1", true, "alice"}, here, {}, noon)) == errc::in_flight);
    CHECK(refusal(search.find({{2}, "order-1", true, "alice"}, there, over, noon)) == errc::in_flight);
    search.find({{3}, "order-1", false, "alice"}, here, {}, noon);
    CHECK(refusal(search.forgotten({3}, std::optional<receipt>(), true)) == errc::in_flight);
    CHECK_FALSE(search.next_deadline());
}

TEST_CASE("a wish to forget that nobody answered may come true yet") {
    auto search = search_of_orders();
    search.find({{1}, "order-1", false, "alice"}, there, over, noon);
    search.find({{2}, "order-1", false, "alice"}, here, {}, noon);
    const auto late = search.time_passed(noon + 2s);
    REQUIRE(late.size() == 2);
    for (const auto& each : late) CHECK(std::get<action::answer_find>(each).what.error().code == errc::in_progress);
}
