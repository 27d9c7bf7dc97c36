#include "sql/scanner.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <pg_query.h>
#include <string>
#include <vector>

using penholder::sql::scan;
using penholder::sql::token;

namespace {

std::string shown(std::string_view sql) {
    const auto tokens = scan(sql);
    if (!tokens) return "not closed";
    std::string text;
    for (const auto& one : *tokens) text += (text.empty() ? "" : "|") + std::string(one.text);
    return text;
}

/// One number of a message of libpg_query's, or the length of what follows.
std::size_t varint(std::string_view& bytes) {
    std::size_t value = 0;
    for (int shift = 0; !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::size_t>(byte & 0x7FU) << static_cast<unsigned>(shift);
        if ((byte & 0x80U) == 0) break;
    }
    return value;
}

/// Where the tokens begin that PostgreSQL 15's own scanner cuts; nothing where it refuses the text. Without comments.
std::optional<std::vector<std::size_t>> begins_for_postgresql(const std::string& sql) {
    const auto scanned = pg_query_scan(sql.c_str());
    std::optional<std::vector<std::size_t>> begins;
    if (!scanned.error) {
        begins.emplace();
        std::string_view bytes(scanned.pbuf.data, scanned.pbuf.len);
        while (!bytes.empty()) {
            const auto field = varint(bytes);
            const auto length = varint(bytes);
            if (field != 18) continue;  // Not a token but the version.
            auto of_token = bytes.substr(0, length);
            bytes.remove_prefix(length);
            std::size_t fields[6] = {};
            while (!of_token.empty()) {
                const auto name = varint(of_token) >> 3U;
                fields[name] = varint(of_token);
            }
            if (fields[4] != 275 && fields[4] != 276) begins->push_back(fields[1]);
        }
    }
    pg_query_free_scan_result(scanned);
    return begins;
}

std::vector<std::size_t> begins(const std::string& sql) {
    std::vector<std::size_t> all;
    const auto tokens = scan(sql);
    REQUIRE(tokens.has_value());
    for (const auto& one : *tokens) all.push_back(static_cast<std::size_t>(one.text.data() - sql.data()));
    return all;
}

}  // namespace

TEST_CASE("texts are cut where PostgreSQL's own scanner cuts them") {
    for (const std::string sql : {"SELECT Name, \"Name\", \"a\"\"b\" FROM t",
                                  "gr\xc3\xbc\xc3\x9f$1 $1 $12+42",
                                  "'it''s; -- no' || E'it\\'s'",
                                  "'it\\' x",
                                  "U&'d\\0061t' x",
                                  "U&\"d\\0061t\" UESCAPE '!'",
                                  "$$; COMMIT$$ $t$ $$ $t$ x",
                                  "a -- b\nc",
                                  "a /* b /* c */ d */ e",
                                  "a--b\rc",
                                  "E'a'\n 'b\\' , set_config(' , c",

                                  "E'a' /* no */\n 'b'",
                                  "N'abc' n'd'",
                                  "B'101' x'1F' X'a'\n'b'",
                                  "1.5e3 .5 1. 1..2 1.._a 1e+5 2.e7 1.5.6 1.5._3",
                                  "a<-1 a<=b a<>b a!=b a=>b a->>b a@-b a<--c\n1 a*/*x*/b a||-b a+-1 a-+-1 @-1 !-- x",
                                  "a::int a:=b a:b a[1:2]",
                                  "{ } \\ ? ~ `",
                                  "$a$ $b$ $a$",
                                  "$a $1",
                                  "'a'  'b'",
                                  "'a'\n\n'b'",
                                  "INSERT INTO t VALUES (-1,'x'),(2,NULL)"}) {
        INFO(sql);
        const auto expected = begins_for_postgresql(sql);
        REQUIRE(expected.has_value());
        CHECK(begins(sql) == *expected);
    }
}

TEST_CASE("an E-string goes on with its escapes behind a line's end") {
    const auto tokens = scan("SELECT E'a'\n 'b\\' , set_config(' , c");
    REQUIRE(tokens.has_value());
    REQUIRE(tokens->size() == 4);
    CHECK((*tokens)[1].what == token::kind::escape_string);
    CHECK((*tokens)[1].joined);
}

// libpg_query makes tokens of comments and so ends the string there; a server does not: tests/integration/postgres.
TEST_CASE("line comments do not end a string that goes on") {
    CHECK(shown("E'a' -- one\n -- two\n 'b\\' x' c") == "E'a' -- one\n -- two\n 'b\\' x'|c");
    CHECK(shown("'a' -- one 'b'\n/* two */ 'c'") == "'a'|'c'");
    CHECK(shown("'a' 'b'") == "'a'|'b'");
}

TEST_CASE("what is not closed is no text to trust, for PostgreSQL neither") {
    for (const std::string sql :
         {"'a", "\"a", "/* a", "/* /* */", "$$a", "$t$ a $$", "E'a\\'", "U&'a", "U&\"a", "'a'\n'b", "B'1", "/*"}) {
        INFO(sql);
        CHECK_FALSE(scan(sql).has_value());
        CHECK_FALSE(begins_for_postgresql(sql).has_value());
    }
}

TEST_CASE("numbers of newer servers are one token, what comes behind them is seen") {
    CHECK(shown("1_000") == "1_000");
    CHECK(shown("1_0.5_0e1_0 0x_1F 0b1_0") == "1_0.5_0e1_0|0x_1F|0b1_0");
    CHECK(shown("0x1F 0b01 0O7") == "0x1F|0b01|0O7");
    CHECK(shown("1_0.5_0 + penholder") == "1_0.5_0|+|penholder");
    CHECK(shown("1_0..2_0") == "1_0|..|2_0");
    CHECK(shown("5or penholder") == "5|or|penholder");
    CHECK((*scan("1_000"))[0].what == token::kind::newer_number);
    CHECK((*scan("1000"))[0].what == token::kind::integer);
}

TEST_CASE("words are words in any case, names in quotes as they are") {
    const auto tokens = *scan("SeLeCt \"select\" \"Select\" 'select'");
    CHECK(tokens[0].is_word("select"));
    CHECK_FALSE(tokens[1].is_word("select"));
    CHECK(tokens[1].is_identifier("select"));
    CHECK_FALSE(tokens[2].is_identifier("select"));
    CHECK_FALSE(tokens[3].is_identifier("select"));
}
