#include "group/leader_link.hpp"

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;
using namespace penholder::group::testing;
using namespace std::chrono_literals;

namespace {

wire::link_loss loss(wire::loss how) {
    return {how, {errc::link_lost, "connection \"reset\""}, false, {}};
}

leader_link linked() {
    leader_link made("orders", "a", 2s);
    made.follow(to_b);
    made.up({1}, incarnation{0x77}, 100);
    return made;
}

}  // namespace

TEST_CASE("a link that is up tells its window and the leader's life") {
    leader_link link("orders", "a", 2s);
    link.follow(to_b);
    const auto out = link.up({1}, incarnation{0x77}, 100);
    const auto& up = std::get<leader_linked>(out.at(0));
    CHECK(up.link == link_id{1});
    CHECK(up.window == 100);
    CHECK(up.leader.leader_life == incarnation{0x77});
    CHECK(link.is_up());
}

TEST_CASE("what keeps the link down is trouble until it is up or not wanted") {
    auto link = linked();
    CHECK_FALSE(link.trouble());
    link.lost({1}, loss(wire::loss::reset), noon);
    CHECK(link.trouble()->message == "connection \"reset\"");
    CHECK_FALSE(link.is_up());
    link.up({1}, incarnation{0x77}, 100);
    CHECK_FALSE(link.trouble());
    link.lost({1}, loss(wire::loss::silent), noon);
    link.close();
    CHECK_FALSE(link.trouble());
}

TEST_CASE("a lost link that may wait is hurried once, where something waits for the leader") {
    leader_link link("orders", "a", 2s);
    auto target = to_b;
    target.patience = 100ms;
    link.follow(target);
    CHECK(std::get<action::hurry_link>(link.hurry().at(0)).link == link_id{1});
    CHECK(link.hurry().empty());
    link.up({1}, incarnation{0x77}, 100);
    CHECK(link.hurry().empty());
    link.lost({1}, loss(wire::loss::reset), noon);
    CHECK(link.hurry().size() == 1);
    CHECK(link.hurry().empty());
    link.close();
    CHECK(link.hurry().empty());
    auto prompt = linked();
    prompt.lost({1}, loss(wire::loss::reset), noon);
    CHECK(prompt.hurry().empty());
}

TEST_CASE("the line for the log names the leader, how the link was lost, and why") {
    auto link = linked();
    const auto out = link.lost({1}, loss(wire::loss::reset), noon);
    const auto& line = std::get<action::log>(out.at(0));
    CHECK(line.event == "link_lost");
    const std::vector<action::log::field> fields{{"group", "orders"}, {"node", "a"},
                                                 {"leader", "b"},     {"term", "5"},
                                                 {"how", "reset"},    {"reason", "connection \"reset\""}};
    CHECK(line.fields == fields);
}

TEST_CASE("the same leader under the same term and address keeps its link") {
    auto link = linked();
    CHECK(link.follow(to_b).empty());
    CHECK(link.await(to_b).empty());
    auto moved = to_b;
    moved.endpoint = "b:2";
    CHECK(link.follow(moved).size() == 3);
}
