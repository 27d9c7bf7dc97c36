#include "tcp/acceptor.hpp"

#include "room.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace penholder;
using namespace penholder::testing;

using unix_stream = asio::local::stream_protocol;

namespace {

std::shared_ptr<tcp::acceptor> bound(asio::io_context& io, std::string_view where) {
    return tcp::acceptor::bind(io.get_executor(), parse_listen(where).value()).value();
}

asio::ip::tcp::endpoint endpoint_of(const tcp::acceptor& on) {
    return {asio::ip::address_v4::loopback(), parse_endpoint(on.endpoint())->port};
}

/// Takes this process's file descriptors away until it goes.
class no_descriptors {
public:
    no_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto none = before_;
        none.rlim_cur = 3;
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("the port that was really taken is told, and every connection to it is taken") {
    asio::io_context io;
    const auto listens = bound(io, "127.0.0.1:0");
    CHECK(parse_endpoint(listens->endpoint())->port != 0);
    int taken = 0;
    listens->start([&](const tcp::stream_socket&) { ++taken; });
    asio::ip::tcp::socket one(io);
    asio::ip::tcp::socket other(io);
    one.connect(endpoint_of(*listens));
    other.connect(endpoint_of(*listens));
    CHECK(eventually(io, [&] { return taken == 2; }));
    listens->stop();
    boost::system::error_code refused;
    asio::ip::tcp::socket late(io);
    late.connect(endpoint_of(*listens), refused);
    CHECK(refused == asio::error::connection_refused);
}

TEST_CASE("an address that is taken is named") {
    asio::io_context io;
    const auto first = bound(io, "127.0.0.1:0");
    const auto second = tcp::acceptor::bind(io.get_executor(), parse_listen(first->endpoint()).value());
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == errc::invalid_argument);
    CHECK(second.error().message.starts_with("cannot listen on " + first->endpoint() + ": "));
}

TEST_CASE("a unix socket is for its owner and group, replaces a dead one, and goes with its acceptor") {
    const temporary_directory here;
    const auto path = (here.path() / "a.sock").string();
    asio::io_context io;
    { unix_stream::acceptor left_behind(io, path); }
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    const auto listens = bound(io, "unix:" + path);
    CHECK(listens->endpoint() == "unix:" + path);
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0660U);
    CHECK_FALSE(tcp::acceptor::bind(io.get_executor(), parse_listen("unix:" + path).value()).has_value());
    bool taken = false;
    listens->start([&](const tcp::stream_socket&) { taken = true; });
    unix_stream::socket one(io);
    one.connect(path);
    CHECK(eventually(io, [&] { return taken; }));
    listens->stop();
    CHECK(::stat(path.c_str(), &about) != 0);
}

TEST_CASE("without a file descriptor left nobody is accepted, and with one again whoever waited is") {
    asio::io_context io;
    const auto listens = bound(io, "127.0.0.1:0");
    int taken = 0;
    listens->start([&](const tcp::stream_socket&) { ++taken; });
    asio::ip::tcp::socket one(io);
    one.connect(endpoint_of(*listens));
    REQUIRE(eventually(io, [&] { return taken == 1; }));
    asio::ip::tcp::socket other(io);
    other.connect(endpoint_of(*listens));
    {
        const no_descriptors now;
        CHECK_FALSE(eventually(
            io, [&] { return taken == 2; }, 250ms));
    }
    CHECK(eventually(io, [&] { return taken == 2; }));
    listens->stop();
}
