#include "wire/leader_handshake.hpp"

#include "handshakes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

wire::leader_handshake::refused refusal(const wire::leader_handshake::step& by) {
    REQUIRE(std::holds_alternative<wire::leader_handshake::refused>(by));
    return std::get<wire::leader_handshake::refused>(by);
}

bool is_accepted(const wire::leader_handshake::step& by) {
    return std::holds_alternative<wire::introduction>(by);
}

}  // namespace

TEST_CASE("a leader introduces itself to who says hello, and welcomes it") {
    auto handshake = leader();
    const auto said = handshake.on(hello_of_n1(), welcome_here);
    REQUIRE(is_accepted(said));
    CHECK(std::get<wire::introduction>(said) == introduction_of_n2());
    CHECK(handshake.follower() == hello_of_n1());
    CHECK(handshake.welcome() == wire::welcome{100});
}

TEST_CASE("another version of the protocol is refused before anything else of it is believed") {
    auto other = hello_of_n1();
    other.version = 99;
    other.node = "no name!";
    const auto why = refusal(leader().on(other, {})).why;
    CHECK(why.code == errc::protocol_mismatch);
    CHECK(why.message.find("version 99") != std::string::npos);
}

TEST_CASE("a name that no node can have is malformed") {
    for (const auto* name : {"", "no name!", "..", "a\nb"}) {
        INFO(name);
        auto nameless = hello_of_n1();
        nameless.node = name;
        CHECK(refusal(leader().on(nameless, welcome_here)).why.code == errc::malformed_frame);
    }
}

TEST_CASE("a follower is the node that its certificate names, where it has shown one") {
    CHECK(is_accepted(leader().on(hello_of_n1(), {true, 0, std::vector<std::string>{"n9", "n1"}})));
    for (const auto& names :
         {std::vector<std::string>{"n9"}, {"N1"}, {"n1.example"}, {"*"}, std::vector<std::string>{}}) {
        const auto why = refusal(leader().on(hello_of_n1(), {true, 0, names})).why;
        CHECK(why.code == errc::unauthorized);
        CHECK(why.message.find("'n1'") != std::string::npos);
    }
}

TEST_CASE("an unknown group is refused, whoever asks for it") {
    CHECK(refusal(leader().on(hello_of_n1(), {false, 0, {}})).why.code == errc::group_mismatch);
}

TEST_CASE("where there are as many links as may be, a follower that fits is told so, and no other") {
    const wire::link_admission full{true, 3, {}};
    const auto turned_away = refusal(leader().on(hello_of_n1(), full));
    CHECK(turned_away.why.code == errc::overloaded);
    CHECK(turned_away.for_room);
    const auto unknown = refusal(leader().on(hello_of_n1(), {false, 3, {}}));
    CHECK(unknown.why.code == errc::group_mismatch);
    CHECK_FALSE(unknown.for_room);
    CHECK(is_accepted(leader().on(hello_of_n1(), {true, 2, {}})));
}

TEST_CASE("any message but a hello is refused") {
    const std::vector<wire::message> never{introduction_of_n2(), wire::welcome{}, wire::request{1, wire::find{"k"}},
                                           wire::reply{},        wire::ping{},    wire::pong{}};
    for (const auto& one : never) {
        INFO(one.index());
        CHECK(refusal(leader().on(one, welcome_here)).why.code == errc::protocol_mismatch);
    }
}

TEST_CASE("a peer that says goodbye instead of hello is let go for its own reason") {
    const auto refused = refusal(leader().on(wire::goodbye{{errc::shutting_down, "going"}}, welcome_here));
    CHECK(refused.why == error{errc::shutting_down, "going"});
    CHECK_FALSE(refused.for_room);
}

TEST_CASE("the two ends of a handshake let each other in") {
    auto one = follower();
    auto other = leader();
    const auto step = other.on(one.first(), welcome_here);
    REQUIRE(is_accepted(step));
    CHECK(std::holds_alternative<wire::follower_handshake::waits>(one.on(std::get<wire::introduction>(step))));
    CHECK(std::get<wire::admitted>(one.on(other.welcome())) == wire::admitted{100, {2}});
}
