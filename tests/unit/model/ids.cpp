#include "model/ids.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

TEST_CASE("an origin is a node's name and which of its lives this is") {
    CHECK(make_origin("orders-1", {0xaa}) == "orders-1.00000000000000aa");
    CHECK(incarnation{0x0123456789abcdef}.text() == "0123456789abcdef");
    CHECK(incarnation::random() != incarnation::random());
}

TEST_CASE("names are 1 to 64 letters, digits, dots, underscores and dashes, and no path") {
    CHECK(check_name("node", "orders-1.eu_2").has_value());
    CHECK(check_name("node", std::string(64, 'n')).has_value());
    for (const auto& name : {std::string(), std::string(65, 'n'), std::string("."), std::string(".."),
                             std::string("a/b"), std::string("a b"), std::string("\xc3\xbc")}) {
        INFO(name);
        const auto refused = check_name("group", name);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == errc::invalid_argument);
        CHECK(refused.error().message.starts_with("group '"));
    }
}
