#include "daemon/http/meant_host.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::daemon;

namespace {

config::http_options listening(std::string listen, std::string advertise = {}) {
    config::http_options settings;
    settings.listen = std::move(listen);
    settings.advertise = std::move(advertise);
    return settings;
}

}  // namespace

TEST_CASE("on loopback only loopback's names, and the advertised one, are meant") {
    const auto settings = listening("127.0.0.1:7432", "Orders.example:7432");
    for (const auto* host : {"localhost", "LocalHost:7432", "127.0.0.1:7432", "127.9.9.9", "[::1]:7432", "",
                             "orders.example", "orders.example:80"}) {
        INFO(host);
        CHECK(is_meant(settings, host));
    }
    for (const auto* host : {"evil.example", "evil.example:7432", "127.evil.example", "localhost.evil.example",
                             "10.0.0.1:7432", "[::2]", "[::1", "orders.example.evil.example"}) {
        INFO(host);
        CHECK_FALSE(is_meant(settings, host));
    }
    CHECK_FALSE(is_meant(listening("127.0.0.1:7432"), "orders.example"));
}

TEST_CASE("a unix socket is reached by no page, and beyond loopback tokens are the guard") {
    CHECK(is_meant(listening("unix:/run/orders.sock"), "evil.example"));
    CHECK(is_meant(listening("0.0.0.0:7432"), "orders.example"));
}
