#include "cli/text.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder::cli;

TEST_CASE("valid text stays as it is") {
    CHECK(valid_utf8("plain") == "plain");
    CHECK(valid_utf8("h\xC3\xA4t \xE2\x82\xAC \xF0\x9F\x96\x8A") == "h\xC3\xA4t \xE2\x82\xAC \xF0\x9F\x96\x8A");
}

TEST_CASE("bytes that are no text are replaced one by one") {
    const std::string r = "\xEF\xBF\xBD";
    CHECK(valid_utf8("a\xFF"
                     "b") == "a" + r + "b");
    CHECK(valid_utf8("\xC3") == r);
    CHECK(valid_utf8("\xC0\x80") == r + r);
    CHECK(valid_utf8("\xED\xA0\x80") == r + r + r);
    CHECK(valid_utf8("\xF4\x90\x80\x80") == r + r + r + r);
    CHECK(valid_utf8("\xE2\x82") == r + r);
}

TEST_CASE("width counts letters, not bytes") {
    CHECK(width("h\xC3\xA4t") == 3);
    CHECK(width("") == 0);
}

TEST_CASE("nothing printable moves the cursor") {
    CHECK(printable("a\nb\tc\x1b[2J\x7f") == "a\\nb\\tc\\x1b[2J\\x7f");
}

}  // namespace
