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
    CHECK_THAT(told.message, ContainsSubstring("this node speaks 2"));
    CHECK_THAT(told.message, ContainsSubstring("same release"));
}

TEST_CASE("where the ends do not belong together, it is said why and what to do") {
    for (const auto& told : {wire::peer_speaks_tls(), wire::peer_speaks_no_tls(),
                             wire::plain_beyond_this_host("10.0.0.1:7431"), wire::secret_refused("10.0.0.1:7431"),
                             wire::secret_not_used(), wire::no_secret_offered(), wire::other_secret()}) {
        CHECK(told.code == errc::unauthorized);
        CHECK_THAT(told.message, ContainsSubstring("[link] secret"));
    }
    const auto elsewhere = wire::other_endpoint("a:1", "b:2");
    CHECK_THAT(elsewhere.message, ContainsSubstring("'a:1'") && ContainsSubstring("'b:2'"));
    for (const auto& told : {wire::no_certificate(), wire::certificate_refused("it has expired"),
                             wire::own_certificate_refused("unknown ca")}) {
        CHECK(told.code == errc::unauthorized);
        CHECK_THAT(told.message, ContainsSubstring("tls_cert_file"));
    }
    CHECK_THAT(wire::other_name({"n3", "n4"}, "n2").message,
               ContainsSubstring("'n3', 'n4'") && ContainsSubstring("'n2'"));
    CHECK_THAT(wire::other_name({}, "n2").message, ContainsSubstring("nobody"));
    CHECK_THAT(wire::tls_failed("unsupported protocol").message, ContainsSubstring("unsupported protocol"));
}

TEST_CASE("a certificate is a node's where it names it to the letter") {
    CHECK(wire::is_named({"a", "n1"}, "n1"));
    for (const auto* other : {"N1", "n1.", "*", "n", ""}) CHECK_FALSE(wire::is_named({other}, "n1"));
    CHECK_FALSE(wire::is_named({}, "n1"));
}

TEST_CASE("a message out of order breaks the protocol") {
    CHECK(wire::out_of_order().code == errc::protocol_mismatch);
}
