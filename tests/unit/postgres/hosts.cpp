#include "postgres/hosts.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder::postgres {

namespace {

std::vector<std::string> names(const std::vector<host_conninfo>& hosts) {
    std::vector<std::string> all;
    for (const auto& each : hosts) all.push_back(each.host);
    return all;
}

host_answer server_at(const std::string& host, lineage how, const std::string& database = "7/1") {
    fence_record seen{.group = "orders", .term = how.last.term, .leader = {}, .endpoint = {}, .fenced_at = {}};
    seen.database = database;
    seen.lineage = how;
    return {{host, "host=" + host}, seen};
}

host_answer silent(const std::string& host) {
    return {{host, "host=" + host}, error{errc::database_unreachable, "it is away"}};
}

constexpr fence_raise old_raise{{5}, {1, 0x100}};
constexpr fence_raise new_raise{{5}, {2, 0x120}};
constexpr lineage old_primary{1, old_raise};
constexpr lineage promoted{2, old_raise};
constexpr lineage raised_there{2, new_raise};

}  // namespace

TEST_CASE("hosts of a connection string are taken apart, each with its port and address") {
    CHECK(names(each_host("host=a dbname=x")) == std::vector<std::string>{"a:5432"});
    CHECK(names(each_host("host=a,b port=5433,5434")) == std::vector<std::string>{"a:5433", "b:5434"});
    CHECK(names(each_host("host=a,b port=5433")) == std::vector<std::string>{"a:5433", "b:5433"});
    CHECK(names(each_host("hostaddr=10.0.0.1,10.0.0.2")) == std::vector<std::string>{"10.0.0.1:5432", "10.0.0.2:5432"});
    CHECK(names(each_host("postgresql://app@a:5433,b/orders")) == std::vector<std::string>{"a:5433", "b:5432"});
    CHECK(each_host("dbname=x").empty());
    const auto two = each_host("host=a,b hostaddr=10.0.0.1,10.0.0.2 port=1,2 dbname=x password='p q'");
    REQUIRE(two.size() == 2);
    CHECK(two[1].conninfo.find("host='b'") != std::string::npos);
    CHECK(two[1].conninfo.find("hostaddr='10.0.0.2'") != std::string::npos);
    CHECK(two[1].conninfo.find("port='2'") != std::string::npos);
    CHECK(two[1].conninfo.find("password='p q'") != std::string::npos);
}

TEST_CASE("the newest server is chosen, whatever the order, and the others are refused by name") {
    const auto choice = choose_host({server_at("a", old_primary), server_at("b", promoted), silent("c")}, {});
    REQUIRE(choice.chosen.has_value());
    CHECK(choice.chosen->where.host == "b");
    REQUIRE(choice.refusals.size() == 1);
    CHECK(choice.refusals.front().find("host a ") == 0);
    CHECK(choose_host({server_at("b", promoted), server_at("a", old_primary)}, {}).chosen->where.host == "b");
}

TEST_CASE("one server by two names is refused by none") {
    const auto choice = choose_host({server_at("a", old_primary), server_at("b", old_primary)}, {"7/1", old_raise});
    CHECK(choice.chosen->where.host == "a");
    CHECK(choice.refusals.empty());
}

TEST_CASE("an old primary alone is refused by what is known") {
    const known_raise known{"7/1", new_raise};
    const auto choice = choose_host({server_at("a", old_primary), silent("b")}, known);
    REQUIRE_FALSE(choice.chosen.has_value());
    CHECK(choice.chosen.error().code == errc::database_unreachable);
    CHECK(choice.chosen.error().message.find("host a is not written to") != std::string::npos);
    CHECK(choice.chosen.error().message.find("host b: it is away") != std::string::npos);
    CHECK(choice.refusals.size() == 1);
    CHECK(choose_host({server_at("a", old_primary), server_at("b", raised_there)}, known).chosen->where.host == "b");
    CHECK_FALSE(choose_host({silent("a"), silent("b")}, known).chosen.has_value());
}

TEST_CASE("a server of another identity is not compared") {
    const known_raise known{"7/1", new_raise};
    CHECK(choose_host({server_at("a", old_primary, "8/1")}, known).chosen.has_value());
    CHECK(choose_host({server_at("a", {}, "")}, known).chosen.has_value());
}

}  // namespace penholder::postgres
