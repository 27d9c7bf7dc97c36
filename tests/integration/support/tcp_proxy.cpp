#include "support/tcp_proxy.hpp"

#include "support/patience.hpp"
#include "support/ports.hpp"

#include <boost/asio.hpp>
#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

using namespace penholder::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// A server's one connection and the client's, with a proxy between them.
struct pair {
    pair() {
        client.connect({asio::ip::address_v4::loopback(), proxy.port()});
        acceptor.accept(server);
        // The system completes both connections before the proxy has heard of the second.
        if (!eventually([this] { return proxy.connections() == 1; })) throw std::runtime_error("the proxy lost one");
    }

    static void say(tcp::socket& socket, const std::string& text) { asio::write(socket, asio::buffer(text)); }

    static std::string hear(tcp::socket& socket, std::size_t count) {
        std::string text(count, ' ');
        asio::read(socket, asio::buffer(text));
        return text;
    }

    static boost::system::error_code end_of(tcp::socket& socket) {
        char byte = 0;
        boost::system::error_code failure;
        asio::read(socket, asio::buffer(&byte, 1), failure);
        return failure;
    }

    asio::io_context io;
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), free_port()}};
    tcp_proxy proxy{acceptor.local_endpoint().port()};
    tcp::socket client{io};
    tcp::socket server{io};
};

}  // namespace

TEST_CASE("a proxy carries bytes and ends both ways") {
    pair path;
    pair::say(path.client, "ping");
    CHECK(pair::hear(path.server, 4) == "ping");
    pair::say(path.server, "pong");
    CHECK(pair::hear(path.client, 4) == "pong");
    path.client.close();
    CHECK(pair::end_of(path.server) == asio::error::eof);
    path.server.close();
    CHECK(eventually([&] { return path.proxy.connections() == 0; }));
    CHECK(path.proxy.carried(direction::to_target) == 4);
}

TEST_CASE("a cut resets both sides, and the next connection is welcome") {
    pair path;
    path.proxy.cut();
    CHECK(pair::end_of(path.client) == asio::error::connection_reset);
    CHECK(pair::end_of(path.server) == asio::error::connection_reset);
    tcp::socket again{path.io};
    CHECK_NOTHROW(again.connect({asio::ip::address_v4::loopback(), path.proxy.port()}));
}

TEST_CASE("a proxy refuses until it accepts again") {
    pair path;
    path.proxy.refuse();
    boost::system::error_code failure;
    const tcp::endpoint door{asio::ip::address_v4::loopback(), path.proxy.port()};
    tcp::socket visitor{path.io};
    visitor.connect(door, failure);
    CHECK(failure == asio::error::connection_refused);
    path.proxy.accept();
    tcp::socket welcome{path.io};
    CHECK_NOTHROW(welcome.connect(door));
}

TEST_CASE("held replies arrive when they are released") {
    pair path;
    path.proxy.swallow_replies(2);
    pair::say(path.server, "answer");
    CHECK(pair::hear(path.client, 2) == "an");
    CHECK(eventually([&] { return path.proxy.held(direction::to_client) == 4; }));
    pair::say(path.client, "still heard");
    CHECK(pair::hear(path.server, 11) == "still heard");
    path.proxy.release(direction::to_client);
    CHECK(pair::hear(path.client, 4) == "swer");
}

TEST_CASE("a cut loses what was held") {
    pair path;
    path.proxy.hold_everything();
    pair::say(path.server, "answer");
    REQUIRE(eventually([&] { return path.proxy.held(direction::to_client) == 6; }));
    path.proxy.cut();
    CHECK(path.proxy.held(direction::to_client) == 0);
    CHECK(path.proxy.carried(direction::to_client) == 0);
}

TEST_CASE("delayed bytes arrive late and in order") {
    pair path;
    path.proxy.delay(50ms);
    const auto begun = std::chrono::steady_clock::now();
    pair::say(path.client, "one");
    pair::say(path.client, "two");
    CHECK(pair::hear(path.server, 6) == "onetwo");
    CHECK(std::chrono::steady_clock::now() - begun >= 50ms);
}

TEST_CASE("half open: the target is gone and the client hears nothing of it") {
    pair path;
    path.proxy.half_open();
    CHECK(pair::end_of(path.server) == asio::error::connection_reset);
    CHECK_NOTHROW(pair::say(path.client, "anybody there?"));
    path.client.non_blocking(true);
    CHECK(pair::end_of(path.client) == asio::error::would_block);
}
