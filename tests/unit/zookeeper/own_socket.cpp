#include "zookeeper/own_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>
#include <unistd.h>

using boost::asio::ip::tcp;
using penholder::zookeeper::is_of_this_process;

namespace {

/// A listener on loopback, and what it has accepted.
struct listening {
    boost::asio::io_context io;
    tcp::acceptor at{io, {boost::asio::ip::address_v4::loopback(), 0}};
    tcp::endpoint where = at.local_endpoint();
};

}  // namespace

TEST_CASE("a connection of this process is known as its own") {
    listening one;
    tcp::socket to(one.io);
    to.connect(one.where);
    const auto accepted = one.at.accept();
    CHECK(is_of_this_process(accepted));
    CHECK(is_of_this_process(to));
    to.close();
    CHECK_FALSE(is_of_this_process(accepted));
}

TEST_CASE("a connection of another process is not, also where this one has others to the same listener") {
    listening one;
    tcp::socket own(one.io);
    own.connect(one.where);
    const auto accepted_first = one.at.accept();
    int end[2];
    REQUIRE(::pipe(end) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Its own socket alone, until the test closes the pipe.
        ::close(end[1]);
        const int to = ::socket(AF_INET, SOCK_STREAM, 0);
        if (::connect(to, one.where.data(), static_cast<socklen_t>(one.where.size())) != 0) ::_exit(1);
        char nothing = 0;
        ::_exit(::read(end[0], &nothing, 1) == 0 ? 0 : 1);
    }
    ::close(end[0]);
    const auto accepted = one.at.accept();
    CHECK_FALSE(is_of_this_process(accepted));
    CHECK(is_of_this_process(accepted_first));
    ::close(end[1]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK_FALSE(is_of_this_process(accepted));
}
