#include "postgres/host_addresses.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder::postgres {

namespace {

result<names::addresses> look_up_example(const std::string& name) {
    if (name == "a") return names::addresses{boost::asio::ip::make_address("10.0.0.1")};
    if (name == "b") {
        return names::addresses{boost::asio::ip::make_address("10.0.0.2"), boost::asio::ip::make_address("fd00::2")};
    }
    return error{errc::invalid_argument, "no such name"};
}

std::string numbered(const std::string& conninfo) {
    names::address_book book(look_up_example);
    const auto made = look_up_hosts({conninfo}, book).front();
    return made ? *made : made.error().message;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a host is given with its addresses, and stays what its certificate is checked against") {
    const auto one = numbered("host=a port=5433 dbname=x");
    CHECK(has(one, "host='a' hostaddr='10.0.0.1' port='5433'"));
    CHECK(has(one, "dbname='x'"));
    CHECK(has(numbered("host=b dbname=x"), "host='b,b' hostaddr='10.0.0.2,fd00::2'"));
}

TEST_CASE("a port that the string does not say is left to libpq") {
    CHECK_FALSE(has(numbered("host=a dbname=x"), "port"));
    CHECK(has(numbered("host=a,b port=1,2"), "port='1,2,2'"));
}

TEST_CASE("what needs no lookup stays as it is") {
    for (const auto* each : {"dbname=x", "host=/run/postgresql dbname=x", "host=nobody hostaddr=10.0.0.9"}) {
        CHECK(numbered(each) == each);
    }
    CHECK(has(numbered("host=/run/postgresql,a"), "hostaddr=',10.0.0.1'"));
    CHECK(has(numbered("host=nobody,a hostaddr=10.0.0.9,"), "hostaddr='10.0.0.9,10.0.0.1'"));
}

TEST_CASE("a host that nobody knows is left out, and is an error where it is the only one") {
    CHECK(has(numbered("host=nobody,a port=1,2"), "host='a' hostaddr='10.0.0.1' port='2'"));
    CHECK(numbered("host=nobody") == "the database cannot be used: host 'nobody' is not known: no such name");
}

TEST_CASE("several strings are looked up together, each with its own outcome") {
    names::address_book book(look_up_example);
    const auto all = look_up_hosts({"host=a", "host=nobody", "host=/tmp", "host=b"}, book);
    REQUIRE(all.size() == 4);
    CHECK(has(*all[0], "10.0.0.1"));
    CHECK_FALSE(all[1].has_value());
    CHECK(*all[2] == "host=/tmp");
    CHECK(has(*all[3], "10.0.0.2"));
}

}  // namespace penholder::postgres
