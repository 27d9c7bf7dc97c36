#include "wire/follower_handshake.hpp"

#include "handshakes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

wire::link_loss lost(const wire::follower_handshake::step& by) {
    REQUIRE(std::holds_alternative<wire::link_loss>(by));
    return std::get<wire::link_loss>(by);
}

}  // namespace

TEST_CASE("a follower introduces itself and its group") {
    CHECK(follower().first() == hello_of_n1());
}

TEST_CASE("a follower waits for the welcome of the node that it expects, and is in with it") {
    auto handshake = follower();
    CHECK_FALSE(handshake.met());
    CHECK(std::holds_alternative<wire::follower_handshake::waits>(handshake.on(introduction_of_n2())));
    CHECK(handshake.met() == incarnation{2});
    CHECK(std::get<wire::admitted>(handshake.on(wire::welcome{100})) == wire::admitted{100, {2}});
}

TEST_CASE("a leader that takes nothing at once takes one") {
    auto handshake = follower();
    handshake.on(introduction_of_n2());
    CHECK(std::get<wire::admitted>(handshake.on(wire::welcome{0})).window == 1);
}

TEST_CASE("another version of the protocol is told by both numbers, before anything else of it is believed") {
    auto asked = introduction_of_n2();
    asked.version = 77;
    asked.node = "n9";
    auto handshake = follower();
    const auto loss = lost(handshake.on(asked));
    CHECK(loss.how == wire::loss::protocol);
    CHECK(loss.why.code == errc::protocol_mismatch);
    CHECK(loss.why.message.find("version 77") != std::string::npos);
    CHECK(loss.why.message.find("speaks 2") != std::string::npos);
    CHECK_FALSE(loss.met);
}

TEST_CASE("another node at the leader's address says nothing of the leader") {
    auto asked = introduction_of_n2();
    asked.node = "n3";
    auto handshake = follower();
    const auto loss = lost(handshake.on(asked));
    CHECK(loss.how == wire::loss::protocol);
    CHECK(loss.met == incarnation{2});
    CHECK(loss.why.message.find("'n3'") != std::string::npos);
    CHECK(loss.why.message.find("advertise") != std::string::npos);
}

TEST_CASE("another incarnation than the expected one has replaced it, the expected one has not") {
    auto target = to_n2();
    target.leader_life = incarnation{7};
    wire::follower_handshake other(target);
    const auto loss = lost(other.on(introduction_of_n2()));
    CHECK(loss.how == wire::loss::replaced);
    CHECK(loss.met == incarnation{2});
    CHECK(loss.why.message.find(incarnation{7}.text()) != std::string::npos);

    target.leader_life = incarnation{2};
    wire::follower_handshake same(target);
    CHECK(std::holds_alternative<wire::follower_handshake::waits>(same.on(introduction_of_n2())));
}

TEST_CASE("any message but the next one breaks the protocol") {
    const auto asked = introduction_of_n2();
    const std::vector<wire::message> not_an_introduction{
        follower().first(), wire::welcome{}, wire::request{1, wire::find{"k"}},
        wire::reply{},      wire::ping{},    wire::pong{}};
    for (const auto& one : not_an_introduction) {
        INFO(one.index());
        auto handshake = follower();
        const auto loss = lost(handshake.on(one));
        CHECK(loss.how == wire::loss::protocol);
        CHECK(loss.why.code == errc::protocol_mismatch);
        CHECK_FALSE(loss.met);
    }
    const std::vector<wire::message> not_a_welcome{follower().first(), asked, wire::request{1, wire::find{"k"}},
                                                   wire::reply{}, wire::ping{}};
    for (const auto& one : not_a_welcome) {
        INFO(one.index());
        auto handshake = follower();
        handshake.on(asked);
        const auto loss = lost(handshake.on(one));
        CHECK(loss.how == wire::loss::protocol);
        CHECK(loss.met == incarnation{2});
    }
}

TEST_CASE("a goodbye ends the handshake for the reason that it names") {
    auto early = follower();
    const auto loss = lost(early.on(wire::goodbye{{errc::group_mismatch, "no such group"}}));
    CHECK(loss.how == wire::loss::protocol);
    CHECK(loss.why == error{errc::group_mismatch, "no such group"});
    CHECK_FALSE(loss.met);
    auto late = follower();
    late.on(introduction_of_n2());
    const auto full = lost(late.on(wire::goodbye{{errc::overloaded, "full"}}));
    CHECK(full.how == wire::loss::closed);
    CHECK(full.met == incarnation{2});
}
