#include "sql/scanner.hpp"
#include "support/postgres_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace penholder;

// What libpg_query's scanner does otherwise than a server: comments between the parts of one string.
TEST_CASE("strings that go on behind line comments are one string for the server and for us") {
    testing::postgres_server server;
    const std::vector<std::pair<std::string, std::string>> texts{
        {"'a' -- one\n -- two\n 'b'", "ab"},
        {"E'a' -- one\n'b\\' , set_config(' --'\n'c'", "ab' , set_config(c"},
        {"'a'\n\n  'b''c'", "ab'c"},
        {"$$a' -- $$", "a' -- "},
        {"'a' --\r'b'", "ab"}};
    for (const auto& [text, expected] : texts) {
        INFO(text);
        const auto tokens = sql::scan(text);
        REQUIRE(tokens.has_value());
        CHECK(tokens->size() == 1);
        CHECK(std::string_view(server.exec("SELECT " + text)[0][0].c_str()) == expected);
    }
    for (const std::string text : {"'a' 'b'", "'a' /* c */\n 'b'", "'a' -- c 'b'\n/* d */ 'e'"}) {
        INFO(text);
        CHECK(sql::scan(text)->size() > 1);
        CHECK_THROWS(server.exec("SELECT " + text));
    }
}
