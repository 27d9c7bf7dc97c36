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
    CHECK_FALSE(token_problem("0123456789abcdef\nshop 0123456789abcdef\n# a comment of many words").has_value());
    CHECK(token_problem("0123456789abcdef\n\nmy shop two\nthree")->starts_with(", line 3: expected a token"));
    CHECK(access_tokens("one\nmy shop two") == std::vector<access_token>{{"", "one"}});
}

TEST_CASE("a token that could be guessed is refused with its line, and is not shown") {
    const auto problem = token_problem("0123456789abcdef\nshop SEKRIT");
    REQUIRE(problem.has_value());
    CHECK(problem->starts_with(", line 2: a token of 6 bytes can be guessed; 16 are the least"));
    CHECK(problem->find("SEKRIT") == std::string::npos);
    CHECK(token_problem("0123456789abcde").has_value());
    CHECK(token_problem(" \n") == " has no token in it; write one a line");
    CHECK(token_problem("") == " has no token in it; write one a line");
}
