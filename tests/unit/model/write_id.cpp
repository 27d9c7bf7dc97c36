#include "model/write_id.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace penholder;

TEST_CASE("the name that a node gives says which node, which of its lives and which write") {
    const origin_write_id id("orders-1.00000000000000aa", 42);
    CHECK(id.text() == "~orders-1.00000000000000aa.42");
    const auto read = origin_write_id::parse("~orders-1.00000000000000aa.42");
    REQUIRE(read.has_value());
    CHECK(read->origin() == "orders-1.00000000000000aa");
    CHECK(read->sequence() == 42);
    CHECK(*read == id);
    CHECK(origin_write_id("n.00000000000000aa", 18446744073709551615U).text() ==
          "~n.00000000000000aa.18446744073709551615");
}

TEST_CASE("there is one way to write an origin's id, and nothing else is one") {
    const auto* text =
        GENERATE("", "~", "~n", "~n.", "~.1", "n.00000000000000aa.1", "~n.00000000000000aa.0", "~n.00000000000000aa.01",
                 "~n.00000000000000aa.1x", "~n.00000000000000aa.-1", "~n.00000000000000aa.+1",
                 "~n.00000000000000aa.18446744073709551616", "~n m.aa.1", "~n.00000000000000aa. 1", "~n/aa.1");
    INFO(text);
    CHECK_FALSE(origin_write_id::parse(text).has_value());
}

TEST_CASE("a write id is an application's key or an origin's id") {
    const auto key = write_id::parse("order-42");
    REQUIRE(key.has_value());
    CHECK(key->given() == nullptr);
    CHECK(key->text() == "order-42");
    auto given = write_id::parse("~n.00000000000000aa.7");
    REQUIRE(given.has_value());
    REQUIRE(given->given() != nullptr);
    CHECK(given->given()->sequence() == 7);
    CHECK(std::move(*given).take_text() == "~n.00000000000000aa.7");
}

TEST_CASE("a key is printable ASCII without spaces, of 1 to 256 bytes, and does not begin with a tilde") {
    CHECK(write_id::parse(std::string(256, 'k')).has_value());
    for (const auto& text : {std::string(), std::string(257, 'k'), std::string("a b"), std::string("~n"),
                             std::string("gr\xc3\xbc\xc3\x9f"), std::string("a\0b", 3), std::string("~n.aa.01")}) {
        INFO(text);
        const auto refused = write_id::parse(text);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == errc::malformed_write);
        CHECK_FALSE(application_key::parse(text).has_value());
    }
}
