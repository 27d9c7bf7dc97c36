#include "tcp/endpoint.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::tcp;

namespace asio = boost::asio;

namespace {

address at(std::string_view text) {
    return parse_endpoint(text).value();
}

}  // namespace

TEST_CASE("an address with its port is written so that it can be read again") {
    CHECK(to_string(*local_endpoint(at("127.0.0.1:80"))) == "127.0.0.1:80");
    CHECK(to_string(*local_endpoint(at("[::1]:80"))) == "[::1]:80");
}

TEST_CASE("a unix socket is written with its path, where it has one") {
    CHECK(to_string(asio::local::stream_protocol::endpoint("/run/a.sock")) == "unix:/run/a.sock");
    CHECK(to_string(asio::local::stream_protocol::endpoint()) == "unix:");
}

TEST_CASE("a host that nobody knows cannot be listened on") {
    const auto failed = local_endpoint(at("no-such-host.invalid:80"));
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == errc::invalid_argument);
    CHECK(failed.error().message.find("no-such-host.invalid:80") != std::string::npos);
}
