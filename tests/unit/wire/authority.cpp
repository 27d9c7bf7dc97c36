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
