#include "wire/link_key.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

namespace {

std::string in_hex(const wire::link_key& of) {
    std::string text;
    for (const auto byte : of.key) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 0xFU];
    }
    return text;
}

}  // namespace

TEST_CASE("a link's key is what another implementation of HKDF makes of the secret and the endpoint") {
    // Made by Python's hmac: extracted with the salt "penholder link 2", expanded for "name" and "key".
    const auto made = wire::make_link_key("secret", "10.0.0.1:7431");
    CHECK(made.identity == "penholder link 2 c4fa67d4008eb23c9e3502549645154f 10.0.0.1:7431");
    CHECK(in_hex(made) == "710baa91f21b2fd054a4de9c6492590dffdb063164ae837da13d8f8b4d1801a6");
}

TEST_CASE("another secret or another endpoint makes another key and another identity") {
    const auto right = wire::make_link_key("secret", "host:7431");
    CHECK(right == wire::make_link_key("secret", "host:7431"));
    for (const auto& other : {wire::make_link_key("Secret", "host:7431"), wire::make_link_key("secret", "host:7432"),
                              wire::make_link_key("secret ", "host:7431"), wire::make_link_key("secret", "")}) {
        CHECK(right.key != other.key);
        CHECK(right.identity != other.identity);
    }
}

TEST_CASE("an identity tells the endpoint that was dialled, and what is none tells nothing") {
    CHECK(wire::dialled_endpoint(wire::make_link_key("secret", "[::1]:7431").identity) == "[::1]:7431");
    for (const auto* other : {"", "penholder link 2", "penholder link 2 c4fa67d4008eb23c9e3502549645154f ",
                              "somebody else 0 c4fa67d4008eb23c9e3502549645154f a:1"}) {
        CHECK_FALSE(wire::dialled_endpoint(other));
    }
    CHECK_FALSE(wire::dialled_endpoint(wire::make_link_key("secret", std::string(400, 'x')).identity));
}
