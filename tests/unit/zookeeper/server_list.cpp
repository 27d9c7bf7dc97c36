#include "zookeeper/server_list.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::zookeeper;

namespace {

using answers = std::vector<names::address_book::answer>;

names::addresses numbers(std::initializer_list<const char*> texts) {
    names::addresses all;
    for (const auto* each : texts) all.push_back(boost::asio::ip::make_address(each));
    return all;
}

const error nobody{errc::invalid_argument, "host 'c' is not known: no name server has answered"};

}  // namespace

TEST_CASE("the library is given numbers, those of IPv6 without brackets, in an order of their own") {
    const std::vector<address> servers{{"b", 2182, {}}, {"a", 2181, {}}};
    const auto one = list_servers(servers, answers{numbers({"10.0.0.2", "fd00::2"}), numbers({"10.0.0.1"})});
    REQUIRE(one.has_value());
    CHECK(one->text == "10.0.0.1:2181,10.0.0.2:2182,fd00::2:2182");
    const auto turned = list_servers(servers, answers{numbers({"fd00::2", "10.0.0.2"}), numbers({"10.0.0.1"})});
    CHECK(*one == *turned);
}

TEST_CASE("the relay's listeners are in the servers' order") {
    const auto loopback = boost::asio::ip::make_address("127.0.0.1");
    CHECK(list_servers({{loopback, 40002}, {loopback, 40001}}).text == "127.0.0.1:40002,127.0.0.1:40001");
    const auto servers = parse_servers("b.example:2281,[::1]:2281");
    REQUIRE(servers.has_value());
    CHECK(servers->at(0).host == "b.example");
    CHECK(servers->at(1).host == "::1");
    CHECK_FALSE(parse_servers("b.example").has_value());
}

TEST_CASE("two names of one server are one server") {
    const std::vector<address> servers{{"a", 2181, {}}, {"b", 2181, {}}};
    CHECK(list_servers(servers, answers{numbers({"10.0.0.1"}), numbers({"10.0.0.1"})})->text == "10.0.0.1:2181");
}

TEST_CASE("servers that nobody knows are left out and told, and all of them are an error") {
    const std::vector<address> servers{{"a", 2181, {}}, {"c", 2181, {}}};
    const auto some = list_servers(servers, answers{numbers({"10.0.0.1"}), nobody});
    CHECK(some->text == "10.0.0.1:2181");
    CHECK(some->unknown == std::vector<error>{nobody});
    const auto none = list_servers(servers, answers{nobody, nobody});
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == errc::ensemble_unreachable);
    CHECK(none.error().message.find("host 'c' is not known") != std::string::npos);
}

TEST_CASE("hosts are looked up side by side, by their names without ports") {
    names::address_book book([](const std::string& name) -> result<names::addresses> {
        if (name == "a.example") return numbers({"10.0.0.1"});
        return error{errc::invalid_argument, "no such name"};
    });
    const auto found = look_up_servers("a.example:2181,[::1]:2182,nobody.example:2183", book);
    REQUIRE(found.has_value());
    CHECK(found->text == "10.0.0.1:2181,::1:2182");
    CHECK(found->unknown.size() == 1);
    CHECK(look_up_servers("a.example", book).error().code == errc::invalid_argument);
}
