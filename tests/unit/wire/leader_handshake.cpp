#include "wire/leader_handshake.hpp"

#include "handshakes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

error refusal(const wire::leader_handshake::step& by) {
    REQUIRE(std::holds_alternative<wire::leader_handshake::refused>(by));
    return std::get<wire::leader_handshake::refused>(by).why;
}

bool is_proven(const wire::leader_handshake::step& by) {
    return std::holds_alternative<wire::leader_handshake::proven>(by);
}

wire::hello hello_of_n1(std::uint8_t fresh = 1) {
    return {wire::protocol_version, "orders", "n1", {1}, nonce_of(fresh), true};
}

/// What the follower's proof has to be: made by the rules of the proof, not by the follower's machine.
wire::proof proof_for(const wire::hello& from, const wire::challenge& by, std::string_view secret = "secret") {
    return {wire::prove(secret, wire::side::follower, from, by)};
}

}  // namespace

TEST_CASE("a leader challenges who says hello, and takes the proof that fits") {
    auto handshake = leader();
    const auto asked = handshake.on(hello_of_n1(), welcome_here);
    REQUIRE(std::holds_alternative<wire::challenge>(asked));
    CHECK(std::get<wire::challenge>(asked) == challenge_of_n2());
    CHECK(is_proven(handshake.on(proof_for(hello_of_n1(), challenge_of_n2()), welcome_here)));
    CHECK(handshake.follower() == hello_of_n1());
    const auto welcomed = handshake.welcome();
    CHECK(welcomed.max_in_flight == 100);
    CHECK(welcomed.value == wire::prove("secret", wire::side::leader, hello_of_n1(), challenge_of_n2()));
}

TEST_CASE("without a secret all zeros are proof enough, on both sides") {
    auto handshake = leader("");
    auto open = hello_of_n1();
    open.secured = false;
    REQUIRE(std::holds_alternative<wire::challenge>(handshake.on(open, welcome_here)));
    CHECK(is_proven(handshake.on(wire::proof{}, welcome_here)));
    CHECK(handshake.welcome().value == wire::proof_bytes{});
}

TEST_CASE("another version of the protocol is refused before anything else of it is believed") {
    auto handshake = leader();
    auto other = hello_of_n1();
    other.version = 99;
    other.secured = false;
    const auto why = refusal(handshake.on(other, {}));
    CHECK(why.code == errc::protocol_mismatch);
    CHECK(why.message.find("version 99") != std::string::npos);
}

TEST_CASE("a secret on one side only is refused, and said to which side it is missing") {
    auto open = hello_of_n1();
    open.secured = false;
    auto secured_leader = leader();
    const auto missing = refusal(secured_leader.on(open, welcome_here));
    CHECK(missing.code == errc::unauthorized);
    CHECK(missing.message.find("the peer has none") != std::string::npos);
    auto open_leader = leader("");
    const auto needless = refusal(open_leader.on(hello_of_n1(), welcome_here));
    CHECK(needless.code == errc::unauthorized);
    CHECK(needless.message.find("this node has none") != std::string::npos);
}

TEST_CASE("a name that no node can have is malformed") {
    for (const auto* name : {"", "no name!", "..", "a\nb"}) {
        INFO(name);
        auto nameless = hello_of_n1();
        nameless.node = name;
        auto handshake = leader();
        CHECK(refusal(handshake.on(nameless, welcome_here)).code == errc::malformed_frame);
    }
}

TEST_CASE("an unknown group is refused, whoever asks for it") {
    auto handshake = leader();
    CHECK(refusal(handshake.on(hello_of_n1(), {false, 0})).code == errc::group_mismatch);
}

TEST_CASE("a wrong secret proves nothing") {
    auto handshake = leader();
    handshake.on(hello_of_n1(), welcome_here);
    const auto refused = handshake.on(proof_for(hello_of_n1(), challenge_of_n2(), "guess"), welcome_here);
    CHECK(refusal(refused).code == errc::unauthorized);
    CHECK_FALSE(std::get<wire::leader_handshake::refused>(refused).was_proven);
}

TEST_CASE("a recorded proof lets nobody play the follower") {
    auto earlier = leader("secret", 2);
    earlier.on(hello_of_n1(), welcome_here);
    const auto recorded = proof_for(hello_of_n1(), challenge_of_n2());
    REQUIRE(is_proven(earlier.on(recorded, welcome_here)));

    auto later = leader("secret", 9);
    later.on(hello_of_n1(), welcome_here);
    CHECK(refusal(later.on(recorded, welcome_here)).code == errc::unauthorized);
}

TEST_CASE("the proof of a leader, of another group or of another node proves nothing here") {
    auto handshake = leader();
    handshake.on(hello_of_n1(), welcome_here);
    CHECK(refusal(handshake.on(wire::proof{wire::prove("secret", wire::side::leader, hello_of_n1(), challenge_of_n2())},
                               welcome_here))
              .code == errc::unauthorized);
    for (const auto& change : {+[](wire::hello& one) { one.group = "stock"; },
                               +[](wire::hello& one) { one.node = "n9"; }, +[](wire::hello& one) { one.life = {9}; }}) {
        auto other = hello_of_n1();
        change(other);
        auto again = leader();
        again.on(hello_of_n1(), welcome_here);
        CHECK(refusal(again.on(proof_for(other, challenge_of_n2()), welcome_here)).code == errc::unauthorized);
    }
}

TEST_CASE("where there are as many links as may be, only a follower that is proven is told so") {
    const wire::link_admission full{true, 3};
    auto honest = leader();
    REQUIRE(std::holds_alternative<wire::challenge>(honest.on(hello_of_n1(), full)));
    const auto turned_away = honest.on(proof_for(hello_of_n1(), challenge_of_n2()), full);
    CHECK(refusal(turned_away).code == errc::overloaded);
    CHECK(std::get<wire::leader_handshake::refused>(turned_away).was_proven);
    auto hostile = leader();
    hostile.on(hello_of_n1(), full);
    CHECK(refusal(hostile.on(wire::proof{}, full)).code == errc::unauthorized);
    auto last = leader();
    last.on(hello_of_n1(), full);
    CHECK(is_proven(last.on(proof_for(hello_of_n1(), challenge_of_n2()), {true, 2})));
}

TEST_CASE("any message but the next one is refused") {
    const std::vector<wire::message> never{challenge_of_n2(), wire::welcome{}, wire::request{1, wire::find{"k"}},
                                           wire::reply{},     wire::ping{},    wire::pong{}};
    auto not_hello = never;
    not_hello.emplace_back(wire::proof{});
    for (const auto& one : not_hello) {
        INFO(one.index());
        auto handshake = leader();
        CHECK(refusal(handshake.on(one, welcome_here)).code == errc::protocol_mismatch);
    }
    auto not_proof = never;
    not_proof.emplace_back(hello_of_n1());
    for (const auto& one : not_proof) {
        INFO(one.index());
        auto handshake = leader();
        handshake.on(hello_of_n1(), welcome_here);
        CHECK(refusal(handshake.on(one, welcome_here)).code == errc::protocol_mismatch);
    }
}

TEST_CASE("a follower that says goodbye in the middle is let go for its own reason") {
    auto handshake = leader();
    CHECK(refusal(handshake.on(wire::goodbye{{errc::shutting_down, "going"}}, welcome_here)) ==
          error{errc::shutting_down, "going"});
    auto later = leader();
    later.on(hello_of_n1(), welcome_here);
    const auto refused = later.on(wire::goodbye{{errc::overloaded, "going"}}, welcome_here);
    CHECK_FALSE(std::get<wire::leader_handshake::refused>(refused).was_proven);
}

TEST_CASE("the two ends of a handshake let each other in, and only with the same secret") {
    for (const auto* secret : {"secret", "", "another"}) {
        INFO(secret);
        auto one = follower(secret);
        auto other = leader("secret");
        auto step = other.on(one.first(), welcome_here);
        const bool same = std::string(secret) == "secret";
        if (const auto* asked = std::get_if<wire::challenge>(&step)) {
            const auto answered = one.on(*asked);
            step = other.on(std::get<wire::proof>(answered), welcome_here);
        }
        REQUIRE(is_proven(step) == same);
        if (same) CHECK(std::holds_alternative<wire::admitted>(one.on(other.welcome())));
    }
}
