#include "group/write_flow.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

router_options rules() {
    router_options made;
    made.node = "a";
    made.origin = "a.00000000000000aa";
    return made;
}

write_flow flow_of_orders() {
    return {rules(), "orders", true, noon};
}

event::submit submitted(std::uint64_t from, const std::string& id, std::chrono::milliseconds within = 1000ms) {
    penholder::write what(id);
    what.add("UPDATE t SET v = v + 1");
    what.deadline(within);
    return {ticket{from}, std::move(what)};
}

template <class Action>
const Action& only(const flow_actions& all) {
    REQUIRE(all.size() == 1);
    return std::get<Action>(all[0]);
}

}  // namespace

TEST_CASE("a write that is forwarded says how much time is left") {
    auto flow = flow_of_orders();
    flow.follow(to_b, noon);
    flow.on(submitted(1, "order-1"), noon);
    const auto out = flow.link_up({3}, term{5}, 100, noon + 400ms);
    CHECK(only<action::send>(out).link == link_id{3});
    CHECK(std::get<wire::submit>(only<action::send>(out).what.what).deadline_ms == 600);
    CHECK(only<action::send>(out).what.id == 1);
    CHECK(std::get<wire::submit>(only<action::send>(out).what.what).first);
}

TEST_CASE("a write for a lane that is gone is handed back to the router and tried again") {
    auto flow = flow_of_orders();
    flow.lead(term{5}, {1}, noon);
    flow.lane_gone();
    CHECK(flow.on(submitted(1, "order-1"), noon).empty());
    CHECK(flow.pending() == 1);
    const auto out = flow.lead(term{6}, {2}, noon + 1ms);
    CHECK(only<action::apply>(out).lane == lane_id{2});
}

TEST_CASE("a peer's answers go to the peer, and nobody else's count") {
    auto flow = flow_of_orders();
    flow.lead(term{5}, {1}, noon);
    flow.on(submitted(1, "order-1"), noon);
    penholder::write what("order-2");
    what.add("UPDATE t SET v = v + 1");
    const auto shared = std::make_shared<const penholder::write>(what);
    const auto admitted = flow.on(event::peer_asked{ticket{2}, wire::submit{"order-2", shared, {}, 500}}, noon);
    CHECK(only<action::apply>(admitted).what.ticket == ticket{2});
    CHECK(only<action::apply>(admitted).what.again);  // Nobody said that it is the first attempt.
    const auto out = flow.on(event::writes_answered{{{ticket{1}, decided(committed("order-1"))},
                                                     {ticket{2}, decided(committed("order-2"))}}},
                             noon);
    REQUIRE(out.size() == 2);
    CHECK(std::get<action::answer_write>(out[0]).to == ticket{1});
    CHECK(std::get<action::answer_peer>(out[1]).to == ticket{2});
    CHECK(flow.counters().committed == 1);
}

TEST_CASE("a malformed write of a peer is refused") {
    auto flow = flow_of_orders();
    flow.lead(term{5}, {1}, noon);
    const auto empty = std::make_shared<const penholder::write>();
    const auto out = flow.on(event::peer_asked{ticket{2}, wire::submit{"order-2", empty, {}, 500}}, noon);
    CHECK(std::get<write_answer>(only<action::answer_peer>(out).what).why == errc::malformed_write);
}

TEST_CASE("deadlines of writes and of searches wake the flow, whichever is first") {
    auto flow = flow_of_orders();
    CHECK_FALSE(flow.next_deadline());
    flow.lead(term{5}, {1}, noon);
    flow.on(event::find{ticket{1}, "order-1"}, noon);
    CHECK(flow.next_deadline() == noon + receipt_search::within);
    flow.on(submitted(2, "order-2", 700ms), noon);
    CHECK(flow.next_deadline() == noon + 700ms);
}

TEST_CASE("a write that waits here is in flight, whether or not somebody leads") {
    auto flow = flow_of_orders();
    flow.on(submitted(1, "order-1"), noon);
    const auto found = flow.on(event::find{ticket{2}, "order-1"}, noon);
    CHECK(only<action::answer_find>(found).what.value()->why->code == errc::in_flight);
    const auto other = flow.on(event::find{ticket{3}, "order-2"}, noon);
    CHECK(only<action::answer_find>(other).what.error().code == errc::no_leader);
}

TEST_CASE("a peer's write is in flight while a lane holds it") {
    auto flow = flow_of_orders();
    flow.lead(term{5}, {1}, noon);
    const auto asked = flow.on(event::peer_asked{ticket{2}, wire::find{"order-1"}}, noon);
    CHECK(only<action::read_receipt>(asked).id == "order-1");
    const auto told = flow.on(event::receipt_read{ticket{2}, std::optional<receipt>(), true}, noon);
    const auto& found = std::get<wire::find_result>(only<action::answer_peer>(told).what).found;
    CHECK(found.value().why->code == errc::in_flight);
}

TEST_CASE("the end answers writes and searches") {
    auto flow = flow_of_orders();
    flow.on(submitted(1, "order-1"), noon);
    flow.lead(term{5}, {1}, noon);
    flow.on(event::find{ticket{2}, "order-1"}, noon);
    const auto out = flow.give_up(noon);
    CHECK(flow.pending() == 0);
    const auto answers = [&](auto kind) {
        return std::ranges::count_if(out,
                                     [](const auto& each) { return std::holds_alternative<decltype(kind)>(each); });
    };
    CHECK(answers(action::answer_write{}) == 1);
    CHECK(answers(action::answer_find{ticket{}, error{errc::internal, ""}}) == 1);
}

TEST_CASE("a write that its caller waits for no longer is answered, and not given to a leader that comes later") {
    auto flow = flow_of_orders();
    flow.on(submitted(1, "order-1"), noon);
    const auto out = flow.on(event::withdraw{ticket{1}}, noon);
    REQUIRE(out.size() == 2);
    CHECK(std::get<action::log>(out[0]).event == "write_rejected");
    CHECK(std::get<action::answer_write>(out[1]).what.outcome == outcome::rejected);
    CHECK(flow.lead(term{5}, {1}, noon).empty());
}

TEST_CASE("a key that was forgotten is told to whoever asked, and to the log") {
    auto flow = flow_of_orders();
    flow.lead(term{5}, {1}, noon);
    const auto asked = flow.on(event::forget{ticket{1}, "order-1", "alice at b"}, noon);
    CHECK(only<action::forget_key>(asked).term == term{5});
    receipt refused;
    refused.write_id = "order-1";
    refused.outcome = outcome::rejected;
    refused.why = reason{errc::statement_failed, "no table", "42P01", 0};
    const auto out = flow.on(event::key_forgotten{ticket{1}, "order-1", "alice at b", std::optional(refused)}, noon);
    REQUIRE(out.size() == 2);
    CHECK(std::get<action::answer_find>(out[0]).what.value() == refused);
    const auto& line = std::get<action::log>(out[1]);
    CHECK(line.event == "key_forgotten");
    CHECK(
        line.fields ==
        std::vector<action::log::field>{
            {"group", "orders"}, {"node", "a"}, {"write_id", "order-1"}, {"by", "alice at b"}, {"reason", "no table"}});
}

TEST_CASE("what was not forgotten is no news for the log") {
    auto flow = flow_of_orders();
    flow.lead(term{5}, {1}, noon);
    flow.on(event::peer_asked{ticket{1}, wire::forget{"order-1", "alice"}}, noon);
    const auto out =
        flow.on(event::key_forgotten{ticket{1}, "order-1", "alice", error{errc::refused, "committed"}}, noon);
    CHECK(std::get<wire::forget_result>(only<action::answer_peer>(out).what).failed->code == errc::refused);
}

TEST_CASE("an id that a node gave, and a write that waits here, are not forgotten") {
    auto flow = flow_of_orders();
    const auto refusal = [&](const std::string& id) {
        return only<action::answer_find>(flow.on(event::forget{ticket{9}, id, "alice"}, noon)).what.error().code;
    };
    CHECK(refusal("~a.00000000000000aa.1") == errc::invalid_argument);
    CHECK(refusal("") == errc::invalid_argument);
    flow.on(submitted(1, "order-1"), noon);
    CHECK(refusal("order-1") == errc::in_flight);
    CHECK(refusal("order-2") == errc::no_leader);
}

TEST_CASE("a wish to forget finds no room on the link") {
    auto flow = flow_of_orders();
    flow.follow(to_b, noon);
    flow.link_up({3}, term{5}, 100, noon);
    auto sent = flow.on(event::forget{ticket{1}, "order-1", "alice"}, noon);
    const auto back = flow.on(event::not_sent{only<action::send>(sent).what, true}, noon);
    CHECK(only<action::answer_find>(back).what.error().code == errc::overloaded);
    CHECK(flow.counters().forwarded == 0);
    flow.on(event::forget{ticket{2}, "order-1", "alice"}, noon);
    const auto told = flow.on(event::link_replied{{2, wire::forget_result{committed("order-1"), {}}}}, noon);
    CHECK(only<action::answer_find>(told).what.value()->write_id == "order-1");
}
