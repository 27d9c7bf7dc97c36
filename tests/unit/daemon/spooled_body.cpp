#include "daemon/http/spooled_body.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

using namespace penholder::daemon;

TEST_CASE("a spooled body is the document's text, piece by piece") {
    boost::json::object document{{"name", "Zoë"}, {"large", std::string(300000, '\x01')}, {"last", 7}};
    auto body = spooled_body::of(document);
    REQUIRE(body.has_value());
    std::string text;
    std::array<char, 4096> piece;
    for (auto next = body->read(piece); !next.empty(); next = body->read(piece)) text.append(next.begin(), next.end());
    CHECK(text.size() == body->size());
    CHECK(text == boost::json::serialize(document));
    CHECK(boost::json::parse(text) == document);
}
