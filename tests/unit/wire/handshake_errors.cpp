#include "wire/handshake_errors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("who speaks another version is told both versions and what to do") {
    const auto told = wire::version_mismatch(42);
    CHECK(told.code == errc::protocol_mismatch);
    CHECK_THAT(told.message, ContainsSubstring("version 42"));
    CHECK_THAT(told.message, ContainsSubstring("this node speaks 1"));
    CHECK_THAT(told.message, ContainsSubstring("same release"));
}

TEST_CASE("where one end has a secret and the other none, it is said which") {
    CHECK(wire::secret_mismatch(true).code == errc::unauthorized);
    CHECK_THAT(wire::secret_mismatch(true).message, StartsWith("the peer has a link secret and this node has none"));
    CHECK_THAT(wire::secret_mismatch(false).message, StartsWith("this node has a link secret and the peer has none"));
}

TEST_CASE("a message out of order breaks the protocol") {
    CHECK(wire::out_of_order().code == errc::protocol_mismatch);
}
