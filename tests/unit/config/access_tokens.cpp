#include "config/access_tokens.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::config;

TEST_CASE("tokens are written a line each, with a name or without") {
    CHECK(access_tokens("sesame") == std::vector<access_token>{{"", "sesame"}});
    CHECK(access_tokens("shop  one\r\n\n  # old\n\ttwo \n") == std::vector<access_token>{{"shop", "one"}, {"", "two"}});
    CHECK(access_tokens("").empty());
    CHECK(access_tokens("\n \n# nothing\n").empty());
}

TEST_CASE("a line of more than two words holds no token, and is found") {
    CHECK(malformed_token_line("one\nshop two\n# a comment of many words") == 0);
    CHECK(malformed_token_line("one\n\nmy shop two\nthree") == 3);
    CHECK(access_tokens("one\nmy shop two") == std::vector<access_token>{{"", "one"}});
}
