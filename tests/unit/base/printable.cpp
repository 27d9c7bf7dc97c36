#include "base/printable.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;

std::string json_string(std::string_view text) {
    std::string made;
    append_json_string(made, text);
    return made;
}

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

TEST_CASE("nothing printable moves the cursor") {
    CHECK(printable("a\nb\tc\x1b[2J\x7f") == "a\\nb\\tc\\x1b[2J\\x7f");
    CHECK(printable("\xC2\x9B"
                    "31m\r") == "\\x9b31m\\x0d");
    CHECK(printable(std::string_view("\0", 1)) == "\\x00");
    CHECK(printable("h\xC3\xA4t") == "h\xC3\xA4t");
}

TEST_CASE("lines can be kept while the rest is made harmless") {
    CHECK(printable_lines("one\n\x1b[2Jtwo\r\n") == "one\n\\x1b[2Jtwo\\x0d\n");
}

TEST_CASE("a JSON string holds no control character and no byte that is no text") {
    CHECK(json_string("say \"a\\b\"") == R"("say \"a\\b\"")");
    CHECK(json_string("a\nb\rc\td") == R"("a\nb\rc\td")");
    CHECK(json_string("\x1b[2J\x7f\xC2\x9B") == R"("\u001b[2J\u007f\u009b")");
    CHECK(json_string("\xFF") == "\"\xEF\xBF\xBD\"");
    CHECK(json_string(std::string_view("\0", 1)) == R"("\u0000")");
}

}  // namespace
