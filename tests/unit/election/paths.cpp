#include "election/paths.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace penholder::election;

TEST_CASE("a candidate's name tells its session and its sequence, negative ones too") {
    const auto name = parse_candidate_name("0100000000abcdef-0000000042");
    REQUIRE(name.has_value());
    CHECK(name->session == 0x0100000000abcdef);
    CHECK(name->sequence == 42);
    CHECK(parse_candidate_name("ff00000000000000--2147483648")->sequence == -2147483648);
    CHECK(parse_candidate_name("ff00000000000000-2147483647")->sequence == 2147483647);
    CHECK(parse_candidate_name("0000000000000001--000000001")->sequence == -1);
    CHECK(candidate_prefix(-1) == "ffffffffffffffff-");
    CHECK(name->priority == 0);
    for (const char* wrong : {"", "x", "0100000000abcdef", "0100000000abcdef-", "0100000000abcdeg-0000000001",
                              "0100000000abcdef-99999999999", "0100000000abcdef-1x"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_candidate_name(wrong).has_value());
    }
}

TEST_CASE("a candidate's name tells its priority, where it has one") {
    for (const int priority : {0, 1, 100, -1, -100}) {
        for (const char* sequence : {"0000000042", "-2147483648"}) {
            const auto text = candidate_prefix(0x0100000000abcdef, priority) + sequence;
            CAPTURE(text);
            CHECK(text.starts_with(candidate_prefix(0x0100000000abcdef)));
            const auto name = parse_candidate_name(text);
            REQUIRE(name.has_value());
            CHECK(name->session == 0x0100000000abcdef);
            CHECK(name->priority == priority);
            CHECK(name->sequence == std::stoll(sequence));
        }
    }
    for (const char* wrong : {"0100000000abcdef-p-0000000001", "0100000000abcdef-p5", "0100000000abcdef-p5-",
                              "0100000000abcdef-px-0000000001", "0100000000abcdef-p99999999999-0000000001"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_candidate_name(wrong).has_value());
    }
}

TEST_CASE("a group's persistent znodes are listed parents first") {
    const group_paths paths("/a/b", "orders");
    CHECK(paths.persistent() == std::vector<std::string>{"/a", "/a/b", "/a/b/orders", "/a/b/orders/members",
                                                         "/a/b/orders/candidates", "/a/b/orders/terms",
                                                         "/a/b/orders/control"});
    CHECK(paths.member("n") == "/a/b/orders/members/n");
}
