#include "api/typed_values.hpp"

#include "api/documents.hpp"
#include "api/exact_json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace penholder;
using namespace penholder::api;

namespace {

std::string as_json(const std::string& type, const std::optional<std::string>& text) {
    return write_exactly(typed_column(type).value_of(text));
}

}  // namespace

TEST_CASE("booleans, integers and NULL are JSON's own, and text stays text") {
    CHECK(as_json("boolean", "t") == "true");
    CHECK(as_json("boolean", "f") == "false");
    CHECK(as_json("smallint", "-32768") == "-32768");
    CHECK(as_json("integer", "0") == "0");
    CHECK(as_json("text", "1") == "\"1\"");
    CHECK(as_json("text", "a \"b\"\n") == R"("a \"b\"\n")");
    CHECK(as_json("mood", "happy") == "\"happy\"");
    CHECK(as_json("", "7") == "\"7\"");
    for (const auto* type : {"boolean", "integer", "jsonb", "text[]", "date", ""}) {
        CHECK(as_json(type, std::nullopt) == "null");
    }
}

TEST_CASE("an integer that a double does not hold is text") {
    CHECK(as_json("bigint", "9007199254740992") == "9007199254740992");  // 2 to the power of 53
    CHECK(as_json("bigint", "-9007199254740992") == "-9007199254740992");
    CHECK(as_json("bigint", "9007199254740993") == "\"9007199254740993\"");
    CHECK(as_json("bigint", "-9223372036854775808") == "\"-9223372036854775808\"");
}

TEST_CASE("a fraction is a number, digit for digit, unless a double would lose digits of it") {
    CHECK(as_json("numeric(10,2)", "0.10") == "0.10");
    CHECK(as_json("numeric", "-12345.678900") == "-12345.678900");
    CHECK(as_json("numeric", "0.000") == "0.000");
    CHECK(as_json("numeric", "0.30000000000000004") == "0.30000000000000004");  // A double's own 17 digits.
    CHECK(as_json("numeric", "0.30000000000000001") == "\"0.30000000000000001\"");
    CHECK(as_json("numeric", "12345678901234567890.123") == "\"12345678901234567890.123\"");
    CHECK(as_json("numeric", "1" + std::string(308, '0')) == "1" + std::string(308, '0'));
    CHECK(as_json("numeric", "1" + std::string(309, '0')) == "\"1" + std::string(309, '0') + "\"");
    CHECK(as_json("numeric", "0." + std::string(400, '0') + "1") == "\"0." + std::string(400, '0') + "1\"");
    CHECK(as_json("double precision", "1e+20") == "1e+20");
    CHECK(as_json("double precision", "-1.7976931348623157e+308") == "-1.7976931348623157e+308");
    CHECK(as_json("double precision", "5e-324") == "5e-324");
    CHECK(as_json("real", "-0") == "-0");
    for (const auto* type : {"numeric", "real", "double precision"}) {
        CHECK(as_json(type, "NaN") == "\"NaN\"");
        CHECK(as_json(type, "-Infinity") == "\"-Infinity\"");
    }
}

TEST_CASE("JSON is the JSON itself, as it is stored") {
    CHECK(as_json("jsonb", R"({"a": [1.10, null]})") == R"({"a": [1.10, null]})");
    CHECK(as_json("json", R"( {"a":1,"a":2} )") == R"( {"a":1,"a":2} )");
    CHECK(as_json("json", "\"\\u0000\"") == "\"\\u0000\"");
    const auto deep = std::string(900, '[') + std::string(900, ']');
    CHECK(as_json("jsonb", deep) == deep);
    CHECK(as_json("json", R"({"a":1e308})") == R"({"a":1e308})");
    for (const std::string beyond_double : {"1e400", "-1e400", "[1e309]"}) {
        CHECK(as_json("json", beyond_double) == '"' + beyond_double + '"');
    }
    CHECK(as_json("jsonb", "1" + std::string(400, '0')) == "\"1" + std::string(400, '0') + '"');
    CHECK(as_json("json", "no JSON") == "\"no JSON\"");  // A type of somebody's own of that name.
    CHECK(as_json("json", "1 2") == "\"1 2\"");
}

TEST_CASE("arrays are JSON arrays of what their elements are") {
    CHECK(as_json("integer[]", "{1,NULL,-3}") == "[1,null,-3]");
    CHECK(as_json("integer[]", "{}") == "[]");
    CHECK(as_json("integer[]", "{{1,2},{3,4}}") == "[[1,2],[3,4]]");
    CHECK(as_json("integer[]", "[0:1]={5,6}") == "[5,6]");
    CHECK(as_json("integer[]", "[-1:0][2:3]={{1,2},{3,4}}") == "[[1,2],[3,4]]");
    CHECK(as_json("boolean[]", "{t,f}") == "[true,false]");
    CHECK(as_json("numeric(10,2)[]", "{0.10,NaN}") == R"([0.10,"NaN"])");
    CHECK(as_json("text[]", R"({a,"b,c","d\"e","f\\g","","NULL",NULL," x ","{}"})") ==
          R"(["a","b,c","d\"e","f\\g","","NULL",null," x ","{}"])");
    CHECK(as_json("jsonb[]", R"({"{\"a\": 1}",2})") == R"([{"a": 1},2])");
    CHECK(as_json("box[]", "{(1,1),(0,0);(2,2),(1,1)}") == R"~(["(1,1),(0,0)","(2,2),(1,1)"])~");
    CHECK(as_json("s1.box[]", "{a,b}") == R"(["a","b"])");
    CHECK(as_json("s1.geometry[]", "{a,b}") == R"(["a","b"])");
    CHECK(as_json("gis.geometry(Point,4326)[]", "{0101:0102}") == R"(["0101","0102"])");
    CHECK(as_json("int2vector", "1 2") == "\"1 2\"");
}

TEST_CASE("what is no array's text is shown as it is") {
    for (const std::string text :
         {"", "{", "{1", "{1,}", "}", "{1}x", "[0:1]", "[", "{{{{{{{1}}}}}}}", "{\"a}", "{\"a\\"}) {
        INFO(text);
        CHECK(typed_column("integer[]").value_of(text) == boost::json::value(text));
    }
}

TEST_CASE("a receipt's rows are shown by the types of their columns; without types they are text") {
    receipt done{"k", outcome::committed, 7, 1, false, {}, {}};
    done.statements.push_back({1, {}, {}});
    done.statements.push_back({2, {"id", "tags"}, {{"1", "{a}"}, {"2", std::nullopt}}, {"integer", "text[]"}});
    CHECK(write_exactly(to_typed_json(done).at("statements")) ==
          R"([{"rows_affected":1},{"rows_affected":2,"columns":["id","tags"],"types":["integer","text[]"],)"
          R"("rows":[[1,["a"]],[2,null]]}])");
    done.statements[1].types.clear();
    CHECK(write_exactly(to_typed_json(done).at("statements").at(1)) ==
          R"({"rows_affected":2,"columns":["id","tags"],"rows":[["1","{a}"],["2",null]]})");
    const receipt refused{"k", outcome::rejected, 7, 0, false, {}, reason{errc::statement_failed, "no", "42P01", 0}};
    CHECK(to_typed_json(refused) == to_json(refused));
}

TEST_CASE("a document is written whole as it is in pieces") {
    boost::json::array many;
    for (int number = 0; number < 30'000; ++number) many.push_back(number % 2 == 0 ? verbatim("1.50") : "a\nb");
    std::string joined;
    std::size_t pieces = 0;
    write_exactly(many, [&](std::string_view piece) { joined += piece, ++pieces; });
    CHECK(joined == write_exactly(many));
    CHECK(joined.starts_with("[1.50,\"a\\nb\",1.50"));
    CHECK(pieces > 1);
}
