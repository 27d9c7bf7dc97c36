#include <penholder/node.hpp>
#include <penholder/option_problem.hpp>

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder;
using Catch::Matchers::ContainsSubstring;

namespace {

options least() {
    options made;
    made.name = "orders-1";
    made.zookeeper.hosts = "127.0.0.1:2181";
    made.groups.emplace_back().name = "orders";
    made.groups[0].database = "host=db dbname=orders";
    return made;
}

/// That `check_options` and a node that is given them find the same.
void check_found(const options& given, const std::string& path, const std::string& message) {
    const auto found = check_options(given);
    REQUIRE(found.size() == 1);
    CHECK(found[0].path == path);
    CHECK_THAT(found[0].message, ContainsSubstring(message));
    boost::asio::io_context io;
    CHECK_THROWS_WITH(node(io.get_executor(), given), ContainsSubstring(message));
}

}  // namespace

TEST_CASE("options that can run have no problems") {
    CHECK(check_options(least()).empty());
    boost::asio::io_context io;
    CHECK_NOTHROW(node(io.get_executor(), least()));
}

TEST_CASE("a connection string that libpq cannot read is found before anything connects") {
    auto given = least();
    given.groups[0].database = "hots=db dbname=orders";
    check_found(given, "group[0].database", "invalid connection option");
    given.groups[0].database = "orders";
    check_found(given, "group[0].database", "libpq can read");
}

TEST_CASE("addresses that strangers reach without a secret, or that nobody can connect to, are found") {
    auto given = least();
    given.link.listen = "10.0.0.1:7431";
    check_found(given, "link.listen", "link.secret");
    given.link.secret = "a secret that all of them share";
    CHECK(check_options(given).empty());
    given.link.listen = "0.0.0.0:7431";
    check_found(given, "link.listen", "set link.advertise");
    for (const auto* nowhere : {"0.0.0.0:7431", "[::]:7431", "127.0.0.1:0"}) {
        given.link.advertise = nowhere;
        check_found(given, "link.advertise", "nobody can connect to");
    }
    given.link.advertise = "10.0.0.1:7431";
    CHECK(check_options(given).empty());
}

TEST_CASE("a chroot in the ensemble's servers is found") {
    auto given = least();
    given.zookeeper.hosts = "zk-1:2181,zk-2:2181/orders";
    check_found(given, "zookeeper.hosts", "zookeeper.root");
}
