#include "unit/group/machine_fixture.hpp"
#include "unit/group/values.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;
using penholder::group::testing::committed;
namespace event = penholder::group::event;
namespace action = penholder::group::action;

namespace {

void follow(machine_fixture& node, const std::string& leader, std::uint64_t number) {
    node.place_leader(leader, number);
    node.on(event::database_probed{node.fence(0)});
    node.ensemble(election::event::session_up{1, machine_fixture::session});
}

}  // namespace

TEST_CASE("a node that is elected raises its fence, opens its lane, and serves then") {
    machine_fixture node;
    REQUIRE(node.last<action::probe>());
    node.become_elected();
    REQUIRE(node.last<action::raise_fence>());
    CHECK(node.last<action::raise_fence>()->term == term{1});
    CHECK_FALSE(node.machine.accepts_links());
    CHECK_FALSE(node.last<action::open_lane>());
    node.on(event::fence_answered{term{1}, node.group_answer(1)});
    REQUIRE(node.last<action::open_lane>());
    CHECK(node.machine.current().role == role::serving);
    CHECK(node.last<action::accept_links>());
    CHECK(node.last<action::report>()->now.role == role::serving);
}

TEST_CASE("a node that cannot reach its database does not stand") {
    machine_fixture node;
    node.on(event::database_probed{error{errc::database_unreachable, "connection refused"}});
    node.ensemble(election::event::session_up{1, machine_fixture::session});
    CHECK_FALSE(node.last<action::raise_fence>());
    CHECK(node.logged("database_unusable"));
    CHECK_FALSE(node.machine.status().eligible);
    node.pass(1s);
    node.on(event::database_probed{node.fence(0)});
    CHECK(node.last<action::raise_fence>());
}

TEST_CASE("a write that waits for a leader in vain is told what the database has against this node") {
    machine_fixture node;
    node.on(event::database_probed{error{errc::database_unreachable, "28000: no login", "28000"}});
    node.submit(1, "order-1");
    node.pass(1h);
    REQUIRE(node.last<action::answer_write>());
    const auto& why = node.last<action::answer_write>()->what.why;
    CHECK(why->code == errc::no_leader);
    CHECK(why->sqlstate == "28000");
    CHECK(why->message.ends_with("; this node cannot lead: 28000: no login"));
}

TEST_CASE("a fence that somebody else holds makes the node step down") {
    machine_fixture node;
    node.become_elected();
    node.on(event::fence_answered{term{1}, fence_answer{node.fence(9), false}});
    CHECK_FALSE(node.last<action::open_lane>());
    CHECK_FALSE(node.machine.current().is_leader());
}

TEST_CASE("writes wait for a leader, go to the own lane, and are answered") {
    machine_fixture node;
    node.submit(1, "order-1");
    CHECK_FALSE(node.last<action::apply>());
    node.become_leader();
    REQUIRE(node.last<action::apply>());
    CHECK(node.last<action::apply>()->lane == group::lane_id{1});
    CHECK(node.last<action::apply>()->what.ticket == ticket{1});
    node.on(event::writes_answered{{{ticket{1}, decided(committed("order-1"))}}});
    REQUIRE(node.last<action::answer_write>());
    CHECK(node.last<action::answer_write>()->what.outcome == outcome::committed);
    CHECK(node.machine.status().counters.committed == 1);
}

TEST_CASE("a follower opens a link to whoever leads, and its writes go over it") {
    machine_fixture node;
    follow(node, "b", 3);
    REQUIRE(node.last<action::open_link>());
    CHECK(node.last<action::open_link>()->target.leader == "b");
    node.submit(1, "order-1");
    CHECK_FALSE(node.last<action::send>());
    node.on(event::link_up{node.last<action::open_link>()->link, incarnation{7}, 100});
    REQUIRE(node.last<action::send>());
    CHECK(std::get<wire::submit>(node.last<action::send>()->what.what).id == "order-1");
    CHECK(node.machine.status().link_connected);
    node.on(event::link_replied{{1, decided(committed("order-1"))}});
    CHECK(node.last<action::answer_write>()->to == ticket{1});
    CHECK(node.machine.status().counters.forwarded == 1);
}

TEST_CASE("a link without room hands the write back, and it is sent again") {
    machine_fixture node;
    follow(node, "b", 3);
    node.on(event::link_up{node.last<action::open_link>()->link, incarnation{7}, 100});
    node.submit(1, "order-1");
    const auto sent = node.last<action::send>()->what;
    node.forget();
    node.on(event::not_sent{sent, false});
    CHECK_FALSE(node.last<action::send>());
    CHECK(node.machine.status().counters.forwarded == 0);
    node.pass(1s);
    CHECK(node.last<action::send>());
}

TEST_CASE("a follower that wins drops its link and takes the writes that were in doubt to its own lane") {
    machine_fixture node;
    follow(node, "b", 3);
    const auto link = node.last<action::open_link>()->link;
    node.on(event::link_up{link, incarnation{7}, 100});
    node.submit(1, "order-1");
    node.on(event::link_lost{link, {wire::loss::reset, {errc::link_lost, "reset"}, true, {}}});
    CHECK(node.logged("link_lost"));
    CHECK(node.last<action::prepare_to_lead>());
    node.on(event::link_lost{link, {wire::loss::refused, {errc::link_lost, "refused"}, false, {}}});
    CHECK(node.logged("leader_dead"));
    CHECK(node.machine.status().process_deaths == 1);
    REQUIRE(node.last<action::raise_fence>());  // The only candidate evicts the dead leader.
    CHECK(node.last<action::raise_fence>()->term == term{4});
    node.on(event::fence_answered{term{4}, node.group_answer(4)});
    CHECK(node.last<action::close_link>());
    REQUIRE(node.last<action::apply>());
    CHECK(node.last<action::apply>()->what.again);
}

TEST_CASE("one of many leaves the next leader to others, until it has a write for it") {
    machine_fixture node;
    node.place_candidates(20);
    follow(node, "b", 3);
    const auto link = node.last<action::open_link>()->link;
    node.on(event::link_up{link, incarnation{7}, 100});
    node.forget();
    node.show_leader("c", 4);
    CHECK_FALSE(node.last<action::open_link>());
    node.submit(1, "order-1");
    REQUIRE(node.last<action::open_link>());
    CHECK(node.last<action::open_link>()->target.leader == "c");
    CHECK(node.last<action::open_link>()->target.patience > 0ms);
    CHECK_FALSE(node.last<action::prepare_to_lead>());
    node.on(event::link_lost{node.last<action::open_link>()->link,
                             {wire::loss::refused, {errc::link_lost, "refused"}, false, {}}});
    CHECK(node.last<action::hurry_link>());
}

TEST_CASE("one of many follows the next leader after a while, whether or not it has a write") {
    machine_fixture node;
    node.place_candidates(20);
    follow(node, "b", 3);
    node.forget();
    node.show_leader("c", 4);
    CHECK_FALSE(node.last<action::open_link>());
    node.pass(100ms);
    REQUIRE(node.last<action::open_link>());
    CHECK(node.last<action::open_link>()->target.leader == "c");
}

TEST_CASE("a leader that the database fences steps down, and finishes its last batch") {
    machine_fixture node;
    node.become_leader();
    node.on(event::lane_fenced{{1}, {"orders", term{9}, "b", "b:1", {}}});
    CHECK(node.logged("fenced"));
    CHECK_FALSE(node.machine.current().is_leader());
    CHECK(node.last<action::drain_lane>()->lane == group::lane_id{1});
    CHECK(node.last<action::open_link>()->target.leader == "b");  // As the fence says, before the ensemble does.
    node.on(event::lane_drained{{1}});
    CHECK(node.last<action::close_lane>()->lane == group::lane_id{1});
    node.forget();
    node.on(event::lane_fenced{{1}, {"orders", term{10}, "c", "c:1", {}}});
    CHECK(node.out.empty());  // Of a lane that is no more.
}

TEST_CASE("a follower's write is admitted by the leader and by nobody else") {
    machine_fixture node;
    penholder::write what("order-1");
    what.add("UPDATE t SET v = v + 1");
    const auto shared = std::make_shared<const penholder::write>(what);
    node.on(event::peer_asked{ticket{1}, wire::submit{"order-1", shared, {}, 500}});
    REQUIRE(node.last<action::answer_peer>());
    CHECK(std::get<write_answer>(node.last<action::answer_peer>()->what).why == errc::not_leader);
    node.become_leader();
    node.on(event::peer_asked{ticket{2}, wire::submit{"order-1", shared, {}, 500}});
    REQUIRE(node.last<action::apply>());
    CHECK(node.last<action::apply>()->what.deadline == node.now.steady + 500ms);
    node.on(event::writes_answered{{{ticket{2}, decided(committed("order-1"))}}});
    CHECK(node.last<action::answer_peer>()->to == ticket{2});
    CHECK_FALSE(node.last<action::answer_write>());
}

TEST_CASE("a hint of a newer leader is followed before the ensemble shows it") {
    machine_fixture node;
    follow(node, "b", 3);
    node.on(event::link_up{node.last<action::open_link>()->link, incarnation{7}, 100});
    node.submit(1, "order-1");
    node.on(event::link_replied{{1, handed_back(errc::not_leader, "deposed", leader_hint{term{5}, "c", "c:1"})}});
    CHECK(node.last<action::open_link>()->target.leader == "c");
    CHECK(node.last<action::open_link>()->target.term == term{5});
}

TEST_CASE("a handover is asked for in the ensemble, and over when another leader serves") {
    machine_fixture node;
    follow(node, "b", 3);
    node.on(event::handover{ticket{1}, "a", 5s});
    REQUIRE(node.last<action::request_handover>());
    CHECK(node.last<action::request_handover>()->heir == "a");
    node.on(event::handover_requested{ticket{1}, term{3}});
    CHECK_FALSE(node.last<action::answer_handover>());
    node.show_leader("c", 4);
    REQUIRE(node.last<action::answer_handover>());
    CHECK(node.last<action::answer_handover>()->what->leader == "c");
}

TEST_CASE("a handover to the one who leads already is done once it serves, and nobody is asked") {
    machine_fixture node;
    follow(node, "b", 3);
    node.on(event::handover{ticket{1}, "b", 5s});
    CHECK_FALSE(node.last<action::request_handover>());
    REQUIRE(node.last<action::answer_handover>());
    CHECK(node.last<action::answer_handover>()->what->leader == "b");
    CHECK(node.last<action::answer_handover>()->what->term == 3);

    machine_fixture elected;
    elected.become_elected();
    elected.on(event::handover{ticket{1}, "a", 5s});
    CHECK_FALSE(elected.last<action::request_handover>());
    CHECK_FALSE(elected.last<action::answer_handover>());
    elected.on(event::fence_answered{term{1}, elected.group_answer(1)});
    elected.on(event::lane_opened{{1}});
    REQUIRE(elected.last<action::answer_handover>());
    CHECK(elected.last<action::answer_handover>()->what->leader == "a");
}

TEST_CASE("only the leader resigns") {
    machine_fixture node;
    follow(node, "b", 3);
    node.on(event::resign{ticket{1}, 5s});
    REQUIRE(node.last<action::answer_handover>());
    CHECK(node.last<action::answer_handover>()->what.error().code == errc::not_leader);
}

TEST_CASE("a leader that no follower reaches has trouble, and a link ends it") {
    machine_fixture it;
    it.become_leader();
    member self = machine_fixture::options().self;
    member other = self;
    other.node = "b";
    other.incarnation = "2";
    it.on(group::event::members_changed{{self, other}});
    it.pass(11s);
    CHECK_FALSE(it.logged("leader_unreached"));
    it.pass(1s);
    CHECK(it.logged("leader_unreached"));
    REQUIRE(it.machine.trouble());
    CHECK(it.machine.status().trouble.find("a:1") != std::string::npos);
    CHECK(it.machine.current().role == role::serving);
    CHECK(it.machine.next_deadline() <= it.now.steady + 12s);
    it.on(group::event::followers_linked{1});
    CHECK(it.logged("leader_reached"));
    CHECK_FALSE(it.machine.trouble());
}

TEST_CASE("a node that stops answers what it can, leaves the ensemble, and closes once") {
    machine_fixture node;
    node.become_leader();
    node.submit(1, "order-1");
    node.on(event::stop{});
    node.submit(2, "order-2");
    CHECK(node.last<action::answer_write>()->to == ticket{2});
    CHECK(node.last<action::answer_write>()->what.why->code == errc::shutting_down);
    CHECK_FALSE(node.last<action::stopped>());
    node.on(event::writes_answered{{{ticket{1}, decided(committed("order-1"))}}});
    if (node.last<action::drain_lane>()) node.on(event::lane_drained{{1}});
    CHECK(node.last<action::leave_ensemble>());
    REQUIRE(node.last<action::stopped>());
    CHECK(node.last<action::close_lane>());
    CHECK_FALSE(node.machine.next_deadline());
    node.forget();
    node.on(event::stop{});
    node.on(event::close{});
    CHECK(node.out.empty());
}

TEST_CASE("a node that is closed where it stands answers everybody") {
    machine_fixture node;
    follow(node, "b", 3);
    node.on(event::link_up{node.last<action::open_link>()->link, incarnation{7}, 100});
    node.submit(1, "order-1");
    node.on(event::find{ticket{2}, "order-1"});
    node.on(event::handover{ticket{3}, "a", 5s});
    node.on(event::close{});
    CHECK(node.last<action::answer_write>()->what.why->code == errc::outcome_unknown);
    CHECK(node.last<action::answer_find>()->what.error().code == errc::shutting_down);
    CHECK(node.last<action::answer_handover>()->what.error().code == errc::shutting_down);
    CHECK(node.last<action::close_link>());
    CHECK(node.last<action::stopped>());
}

TEST_CASE("a group without a database is an election only") {
    auto options = machine_fixture::options();
    options.group.database.clear();
    machine_fixture node(options);
    CHECK_FALSE(node.last<action::probe>());
    node.ensemble(election::event::session_up{1, machine_fixture::session});
    CHECK(node.machine.current().role == role::serving);
    CHECK_FALSE(node.last<action::raise_fence>());
    node.submit(1, "order-1");
    CHECK(node.last<action::answer_write>()->what.why->code == errc::invalid_argument);
    member other;
    other.node = "b";
    node.on(event::members_changed{{other}});
    node.pass(1h);
    CHECK_FALSE(node.machine.trouble());  // Nobody links to it.
}
