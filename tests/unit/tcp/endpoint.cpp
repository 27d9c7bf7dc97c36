#include "tcp/endpoint.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::tcp;

TEST_CASE("an endpoint is a host and a port") {
    CHECK(parse_endpoint("127.0.0.1:7431")->host == "127.0.0.1");
    CHECK(parse_endpoint("127.0.0.1:7431")->port == "7431");
    CHECK(parse_endpoint("db.example:0")->host == "db.example");
    CHECK(parse_endpoint("[::1]:80")->host == "::1");
    for (const auto* text : {"", ":", ":80", "host", "host:", "host:x", "host:-1", "host:65536", "::1:80", "[]:80"}) {
        INFO(text);
        REQUIRE_FALSE(parse_endpoint(text).has_value());
        CHECK(parse_endpoint(text).error().code == errc::invalid_argument);
    }
}

TEST_CASE("an address with its port is written so that it can be read again") {
    CHECK(to_string(*local_endpoint("127.0.0.1:80")) == "127.0.0.1:80");
    CHECK(to_string(*local_endpoint("[::1]:80")) == "[::1]:80");
}
