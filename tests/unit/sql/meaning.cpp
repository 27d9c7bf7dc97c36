#include "sql/meaning.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::sql::meaning_of;

namespace {

/// With a blank behind each token in place of the zero byte.
std::string shown(std::string_view sql) {
    auto text = meaning_of(sql);
    for (char& c : text) c = c == '\0' ? ' ' : c;
    return text;
}

}  // namespace

TEST_CASE("a meaning is the tokens, words in lower case and the rest as it was given") {
    CHECK(shown("INSERT INTO Stock(Id)  VALUES ($1, E'a\\n', \"Q\") /* x */;;") ==
          "insert into stock ( id ) values ( $1 , E'a\\n' , \"Q\" ) ");
    CHECK(shown("SELECT 1.50, 0x1F, U&'\\0041', B'01', $q$ A  b $q$") ==
          "select 1.50 , 0x1F , U&'\\0041' , B'01' , $q$ A  b $q$ ");
}

TEST_CASE("letters beyond ASCII stay as they are, as PostgreSQL leaves them in UTF-8") {
    CHECK(shown("SELECT \xc3\x84") == "select \xc3\x84 ");
}

TEST_CASE("space that makes other tokens makes another meaning") {
    CHECK(meaning_of("SELECT a - -1") != meaning_of("SELECT a --1"));
    CHECK(meaning_of("SELECT x'1F'") != meaning_of("SELECT x '1F'"));
    CHECK(meaning_of("SELECT 1.5") != meaning_of("SELECT 1 .5"));
    CHECK(meaning_of("SELECT 'a'\n'b'") != meaning_of("SELECT 'a' 'b'"));
    CHECK(meaning_of("SELECT a<-1") == meaning_of("SELECT a < - 1"));
}

TEST_CASE("a type called n is no prefix, and what PostgreSQL 15 refuses is not what it takes") {
    CHECK(meaning_of("SELECT N'bad'") != meaning_of("SELECT n 'bad'"));
    CHECK(meaning_of("SELECT n'bad'") != meaning_of("SELECT n 'bad'"));
    CHECK(meaning_of("SELECT 1a") != meaning_of("SELECT 1 a"));
    CHECK(meaning_of("SELECT $1a") != meaning_of("SELECT $1 a"));
    CHECK(meaning_of("SELECT 1\v") != meaning_of("SELECT 1"));
    CHECK(meaning_of("SELECT 1 \n a") == meaning_of("SELECT 1 a"));
}

TEST_CASE("a text that cannot be cut into tokens is its own meaning") {
    CHECK(meaning_of("SELECT 'open") == "SELECT 'open");
    CHECK(meaning_of("SELECT  /* open") == "SELECT  /* open");
    CHECK(meaning_of("").empty());
}
