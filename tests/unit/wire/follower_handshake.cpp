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

/// What the leader's proof has to be: made by the rules of the proof, not by the leader's machine.
wire::welcome welcome_for(const wire::hello& from, const wire::challenge& by, std::string_view secret = "secret") {
    return {wire::prove(secret, wire::side::leader, from, by), 100};
}

}  // namespace

TEST_CASE("a follower introduces itself, its group, and whether it has a secret") {
    CHECK(follower().first() == wire::hello{1, "orders", "n1", {1}, nonce_of(1), true});
    CHECK_FALSE(follower("").first().secured);
}

TEST_CASE("a challenged follower proves that it knows the secret, and a leader that does too lets it in") {
    auto handshake = follower();
    const auto asked = challenge_of_n2();
    CHECK_FALSE(handshake.met());
    const auto answered = handshake.on(asked);
    REQUIRE(std::holds_alternative<wire::proof>(answered));
    CHECK(std::get<wire::proof>(answered).value ==
          wire::prove("secret", wire::side::follower, handshake.first(), asked));
    CHECK(handshake.met() == incarnation{2});
    const auto let_in = handshake.on(welcome_for(handshake.first(), asked));
    CHECK(std::get<wire::admitted>(let_in) == wire::admitted{100, {2}});
}

TEST_CASE("a leader that takes nothing at once takes one") {
    auto handshake = follower();
    handshake.on(challenge_of_n2());
    auto welcomed = welcome_for(handshake.first(), challenge_of_n2());
    welcomed.max_in_flight = 0;
    CHECK(std::get<wire::admitted>(handshake.on(welcomed)).window == 1);
}

TEST_CASE("another version of the protocol is told by both numbers, before anything else of it is believed") {
    auto asked = challenge_of_n2();
    asked.version = 2;
    asked.node = "n9";
    auto handshake = follower();
    const auto loss = lost(handshake.on(asked));
    CHECK(loss.how == wire::loss::protocol);
    CHECK(loss.why.code == errc::protocol_mismatch);
    CHECK(loss.why.message.find("version 2") != std::string::npos);
    CHECK(loss.why.message.find("speaks 1") != std::string::npos);
    CHECK_FALSE(loss.met);
}

TEST_CASE("another node at the leader's address says nothing of the leader") {
    auto asked = challenge_of_n2();
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
    wire::follower_handshake other(target, "secret", nonce_of(1));
    const auto loss = lost(other.on(challenge_of_n2()));
    CHECK(loss.how == wire::loss::replaced);
    CHECK(loss.met == incarnation{2});
    CHECK(loss.why.message.find(incarnation{7}.text()) != std::string::npos);

    target.leader_life = incarnation{2};
    wire::follower_handshake same(target, "secret", nonce_of(1));
    CHECK(std::holds_alternative<wire::proof>(same.on(challenge_of_n2())));
}

TEST_CASE("a secret on one side only is said before a proof is given") {
    auto open = challenge_of_n2();
    open.secured = false;
    auto secured_follower = follower();
    const auto needless = lost(secured_follower.on(open));
    CHECK(needless.how == wire::loss::unauthorized);
    CHECK(needless.why.message.find("the peer has none") != std::string::npos);
    auto open_follower = follower("");
    const auto missing = lost(open_follower.on(challenge_of_n2()));
    CHECK(missing.how == wire::loss::unauthorized);
    CHECK(missing.why.message.find("this node has none") != std::string::npos);
}

TEST_CASE("a leader without the secret cannot welcome") {
    auto handshake = follower();
    handshake.on(challenge_of_n2());
    const auto loss = lost(handshake.on(welcome_for(handshake.first(), challenge_of_n2(), "guess")));
    CHECK(loss.how == wire::loss::unauthorized);
    CHECK(loss.why.code == errc::unauthorized);
}

TEST_CASE("a follower's own proof, played back, is no welcome") {
    auto handshake = follower();
    const auto mine = std::get<wire::proof>(handshake.on(challenge_of_n2()));
    CHECK(lost(handshake.on(wire::welcome{mine.value, 100})).how == wire::loss::unauthorized);
}

TEST_CASE("a whole conversation that was recorded lets nobody play the leader") {
    auto earlier = follower("secret", 1);
    const auto recorded_challenge = challenge_of_n2();
    earlier.on(recorded_challenge);
    const auto recorded_welcome = welcome_for(earlier.first(), recorded_challenge);
    REQUIRE(std::holds_alternative<wire::admitted>(earlier.on(recorded_welcome)));

    auto later = follower("secret", 9);
    REQUIRE(std::holds_alternative<wire::proof>(later.on(recorded_challenge)));
    CHECK(lost(later.on(recorded_welcome)).how == wire::loss::unauthorized);
}

TEST_CASE("any message but the next one breaks the protocol") {
    const auto asked = challenge_of_n2();
    const std::vector<wire::message> not_a_challenge{
        follower().first(), wire::proof{}, wire::welcome{}, wire::request{1, wire::find{"k"}},
        wire::reply{},      wire::ping{},  wire::pong{}};
    for (const auto& one : not_a_challenge) {
        INFO(one.index());
        auto handshake = follower();
        const auto loss = lost(handshake.on(one));
        CHECK(loss.how == wire::loss::protocol);
        CHECK(loss.why.code == errc::protocol_mismatch);
        CHECK_FALSE(loss.met);
    }
    const std::vector<wire::message> not_a_welcome{
        follower().first(), asked, wire::proof{}, wire::request{1, wire::find{"k"}}, wire::reply{}, wire::ping{}};
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
    late.on(challenge_of_n2());
    const auto full = lost(late.on(wire::goodbye{{errc::overloaded, "full"}}));
    CHECK(full.how == wire::loss::closed);
    CHECK(full.met == incarnation{2});
}
