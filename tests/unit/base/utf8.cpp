#include "base/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using penholder::utf8_length;

// Table 3-7 of the Unicode standard: well-formed byte sequences, at the edges of each row.
TEST_CASE("the first and last code points of each length are whole sequences") {
    CHECK(utf8_length(std::string_view("\x00z", 2)) == 1);
    CHECK(utf8_length("\x7f") == 1);
    CHECK(utf8_length("\xc2\x80") == 2);
    CHECK(utf8_length("\xdf\xbf") == 2);
    CHECK(utf8_length("\xe0\xa0\x80") == 3);
    CHECK(utf8_length("\xed\x9f\xbf") == 3);
    CHECK(utf8_length("\xef\xbf\xbf") == 3);
    CHECK(utf8_length("\xf0\x90\x80\x80") == 4);
    CHECK(utf8_length("\xf4\x8f\xbf\xbf") == 4);
}

TEST_CASE("overlong forms, surrogates, stray and missing bytes are no sequence") {
    for (const char* text : {"", "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
                             "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82",
                             "\xf0\x9f\x98", "\xc3(", "\xe2(\xa1", "\xe2\x82("}) {
        CHECK(utf8_length(text) == 0);
    }
}

TEST_CASE("a text that is too long ends before the character that would be cut") {
    using penholder::utf8_beginning;
    CHECK(utf8_beginning("abc", 3) == "abc");
    CHECK(utf8_beginning("abc", 2) == "ab");
    CHECK(utf8_beginning("a\xe2\x82\xac", 4) == "a\xe2\x82\xac");
    CHECK(utf8_beginning("a\xe2\x82\xac", 3) == "a");
    CHECK(utf8_beginning("a\xe2\x82\xac", 2) == "a");
    CHECK(utf8_beginning("a\xe2\x82\xac", 1) == "a");
    CHECK(utf8_beginning("\xe2\x82\xac", 0).empty());
}
