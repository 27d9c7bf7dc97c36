#include "wire/authority.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::wire;

namespace {

hello some_hello() {
    hello made{1, "orders", "n1", {1}, {}, true};
    made.nonce.fill(1);
    return made;
}

challenge some_challenge() {
    challenge made{1, "n2", {2}, {}, true};
    made.nonce.fill(2);
    return made;
}

}  // namespace

TEST_CASE("a proof depends on the secret, the side, both nonces, the group and both nodes") {
    const auto right = prove("secret", side::follower, some_hello(), some_challenge());
    CHECK(same_proof(right, prove("secret", side::follower, some_hello(), some_challenge())));
    CHECK_FALSE(same_proof(right, prove("Secret", side::follower, some_hello(), some_challenge())));
    CHECK_FALSE(same_proof(right, prove("secret", side::leader, some_hello(), some_challenge())));
    const auto with_hello = [&](auto change) {
        auto other = some_hello();
        change(other);
        return prove("secret", side::follower, other, some_challenge());
    };
    const auto with_challenge = [&](auto change) {
        auto other = some_challenge();
        change(other);
        return prove("secret", side::follower, some_hello(), other);
    };
    CHECK_FALSE(same_proof(right, with_hello([](hello& one) { one.nonce[31] ^= 1; })));
    CHECK_FALSE(same_proof(right, with_hello([](hello& one) { one.group = "stock"; })));
    CHECK_FALSE(same_proof(right, with_hello([](hello& one) { one.node = "n9"; })));
    CHECK_FALSE(same_proof(right, with_hello([](hello& one) { one.life.value = 9; })));
    CHECK_FALSE(same_proof(right, with_hello([](hello& one) { one.group = "order", one.node = "sn1"; })));
    CHECK_FALSE(same_proof(right, with_challenge([](challenge& one) { one.nonce[0] ^= 1; })));
    CHECK_FALSE(same_proof(right, with_challenge([](challenge& one) { one.node = "n9"; })));
    CHECK_FALSE(same_proof(right, with_challenge([](challenge& one) { one.life.value = 9; })));
}

TEST_CASE("without a secret the proof is all zeros") {
    CHECK(prove("", side::leader, some_hello(), some_challenge()) == proof_bytes{});
}

TEST_CASE("no two nonces are the same") {
    CHECK(make_nonce() != make_nonce());
}

TEST_CASE("a proof is what another implementation of HMAC-SHA256 makes of the same conversation") {
    // Made by Python's hmac: "penholder link 1", the side, then each part after its length in eight bytes.
    const proof_bytes followers{0x2f, 0x87, 0x26, 0x10, 0x36, 0xf5, 0x7d, 0x83, 0x96, 0x14, 0xf7,
                                0xfb, 0x98, 0x44, 0x0d, 0xc1, 0xd6, 0x73, 0xca, 0x0c, 0xdc, 0x09,
                                0xa5, 0xd7, 0x69, 0xbc, 0xc8, 0xea, 0x54, 0x15, 0x46, 0xab};
    const proof_bytes leaders{0xa4, 0x26, 0x9c, 0xb6, 0x15, 0xc3, 0x50, 0x40, 0xb4, 0xdb, 0xc9,
                              0xc4, 0x19, 0xba, 0x1a, 0x52, 0x3a, 0x59, 0x20, 0x84, 0x8c, 0x41,
                              0x84, 0xc4, 0x96, 0x7c, 0xa1, 0x40, 0x19, 0x64, 0xaf, 0x76};
    CHECK(prove("secret", side::follower, some_hello(), some_challenge()) == followers);
    CHECK(prove("secret", side::leader, some_hello(), some_challenge()) == leaders);
}
