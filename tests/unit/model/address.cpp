#include "model/address.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

TEST_CASE("an endpoint is a host and a port") {
    CHECK(parse_endpoint("127.0.0.1:7431")->host == "127.0.0.1");
    CHECK(parse_endpoint("127.0.0.1:7431")->port == 7431);
    CHECK(parse_endpoint("db.example:0")->host == "db.example");
    CHECK(parse_endpoint("[::1]:80")->host == "::1");
    for (const auto* text : {"", ":", ":80", "host", "host:", "host:x", "host:-1", "host:65536", "host:70000", "::1:80",
                             "[]:80", "a b:1", "a,b:1", "a/b:1", "[::1:80", "host:80 "}) {
        INFO(text);
        REQUIRE_FALSE(parse_endpoint(text).has_value());
        CHECK(parse_endpoint(text).error().code == errc::invalid_argument);
        CHECK(parse_endpoint(text).error().message.find("'" + std::string(text) + "'") != std::string::npos);
    }
}

TEST_CASE("what listens may be a unix socket with an absolute path that the system can take") {
    CHECK(parse_listen("unix:/run/a.sock")->path == "/run/a.sock");
    CHECK(parse_listen("unix:/run/a.sock")->is_unix());
    CHECK(parse_listen("127.0.0.1:80")->port == 80);
    CHECK(parse_listen("unix:/" + std::string(106, 'x')).has_value());
    CHECK_FALSE(parse_listen("unix:/" + std::string(107, 'x')).has_value());
    for (const auto* text : {"unix:", "unix:/", "unix:relative", "host"}) CHECK_FALSE(parse_listen(text).has_value());
}

TEST_CASE("an address says whether others reach it and whether it can be connected to") {
    for (const auto* text :
         {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1", "unix:/a"}) {
        INFO(text);
        CHECK(parse_listen(text)->is_loopback());
    }
    for (const auto* text : {"10.0.0.1:1", "0.0.0.0:1", "[::]:1", "db:1", "127.evil.example:1",
                             "127.0.0.1.evil.example:1", "127.1:1", "localhost.evil.example:1", "[::127.0.0.1]:1"}) {
        INFO(text);
        CHECK_FALSE(parse_listen(text)->is_loopback());
    }
    CHECK(parse_endpoint("0.0.0.0:80")->is_any());
    CHECK(parse_endpoint("[::]:80")->is_any());
    CHECK_FALSE(parse_endpoint("127.0.0.1:80")->is_any());
}

TEST_CASE("an address is written as it is read") {
    for (const auto* text : {"127.0.0.1:7431", "[::1]:80", "db.example:0", "unix:/run/a.sock"}) {
        CHECK(parse_listen(text)->text() == text);
    }
}
