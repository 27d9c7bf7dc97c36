#include "sql/sql_lexer.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::sql::cut;
using penholder::sql::sql_token;

namespace {

/// Kinds and texts: w:select q:Name s: p:1 n:42 ,
std::string shown(std::string_view sql) {
    const auto words = cut(sql);
    if (!words) return "not closed";
    std::string text;
    for (const auto& one : *words) {
        static constexpr const char* prefixes[] = {"w:", "q:", "s:", "p:", "n:", ""};
        text += (text.empty() ? "" : " ") + std::string(prefixes[static_cast<int>(one.what)]) + one.text;
    }
    return text;
}

}  // namespace

// What is what: PostgreSQL's manual, 4.1 Lexical Structure.

TEST_CASE("words are in lower case, quoted identifiers as they are") {
    CHECK(shown("SELECT Name, \"Name\"") == "w:select w:name , q:Name");
    CHECK(shown("\"a\"\"b\"") == "q:a\"b");
    CHECK(shown("gr\xc3\xbc\xc3\x9f$1") == "w:gr\xc3\xbc\xc3\x9f$1");
}

TEST_CASE("strings are left out, whatever they hold") {
    CHECK(shown("'it''s; -- no'") == "s:");
    CHECK(shown("E'it\\'s'") == "s:");
    CHECK(shown("'it\\' x") == "s: w:x");  // No escape without E.
    CHECK(shown("U&'d\\0061t' x") == "s: w:x");
    CHECK(shown("$$; COMMIT$$ $t$ $$ $t$ x") == "s: s: w:x");
}

TEST_CASE("comments are white space, and they nest") {
    CHECK(shown("a -- b\nc") == "w:a w:c");
    CHECK(shown("a /* b /* c */ d */ e") == "w:a w:e");
    CHECK(shown("a--b\rc") == "w:a w:c");
}

TEST_CASE("parameters, numbers and symbols") {
    CHECK(shown("$1+42") == "p:1 + n:42");
    CHECK(shown("f($12)") == "w:f ( p:12 )");
    CHECK(shown("a $ b") == "w:a $ w:b");
}

TEST_CASE("what is not closed is no text to trust") {
    for (const auto* sql : {"'a", "\"a", "/* a", "/* /* */", "$$a", "$t$ a $$", "E'a\\'", "U&'a"}) {
        INFO(sql);
        CHECK_FALSE(cut(sql).has_value());
    }
}
