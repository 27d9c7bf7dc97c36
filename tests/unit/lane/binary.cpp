#include "lane/binary.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace std::string_literals;

// By the source of PostgreSQL: int8send, array_send.

TEST_CASE("a number is eight bytes, the most significant first") {
    CHECK(int8_bytes(258) == "\0\0\0\0\0\0\1\2"s);
    CHECK(int8_bytes(0x8000000000000000U) == "\x80\0\0\0\0\0\0\0"s);
}

TEST_CASE("an array has its dimensions, whether it has nulls, its type, its size, and each value behind its length") {
    CHECK(text_array_bytes({"ab", ""}) ==
          "\0\0\0\1"
          "\0\0\0\0"
          "\0\0\0\x19"
          "\0\0\0\2"
          "\0\0\0\1"
          "\0\0\0\2"
          "ab"
          "\0\0\0\0"s);
    CHECK(bytea_array_bytes({"\0x"s}) ==
          "\0\0\0\1"
          "\0\0\0\0"
          "\0\0\0\x11"
          "\0\0\0\1"
          "\0\0\0\1"
          "\0\0\0\2"
          "\0x"s);
}

TEST_CASE("an array without values has no dimension") {
    CHECK(text_array_bytes({}) == "\0\0\0\0\0\0\0\0\0\0\0\x19"s);
}
