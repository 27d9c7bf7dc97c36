#include "sql/node_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using penholder::sql::node_tree;

// Texts as PostgreSQL 15's outfuncs.c writes them.

TEST_CASE("nodes have named fields, lists hold values") {
    const std::string text = "({CONST :consttype 23 :constisnull false :constvalue 4 [ 1 0 0 0 ]} {VAR :varattno -3})";
    const auto tree = node_tree::parse(text);
    REQUIRE(tree.has_value());
    REQUIRE(tree->root().items.size() == 2);
    const auto& constant = *tree->root().items[0].of;
    CHECK(constant.tag == "CONST");
    CHECK(constant.number("consttype") == 23);
    CHECK(constant.atom("constisnull") == "false");
    CHECK(constant.fields.size() == 3);
    CHECK(tree->root().items[1].of->number("varattno") == -3);
    CHECK(constant.find("nothing") == nullptr);
}

TEST_CASE("lists of numbers and nothing are values") {
    const auto tree = node_tree::parse("{ROWCOMPARE :opnos (o 96 97) :args <> :relids (b 1)}");
    REQUIRE(tree.has_value());
    const auto* numbers = tree->root().of->find("opnos");
    REQUIRE(numbers != nullptr);
    CHECK(numbers->is_list);
    REQUIRE(numbers->items.size() == 3);
    CHECK(numbers->items[2].atom == "97");
    CHECK(tree->root().of->atom("args") == "<>");
}

TEST_CASE("a name that looks like a field, or like a node's end, hides nothing") {
    const auto tree = node_tree::parse("{TARGETENTRY :resname :expr :expr {FUNCEXPR :funcid 7} :x a\\ b\\}\\{ :y 1}");
    REQUIRE(tree.has_value());
    CHECK(tree->root().of->atom("resname") == ":expr");
    REQUIRE(tree->root().of->find("expr")->of != nullptr);
    CHECK(tree->root().of->find("expr")->of->number("funcid") == 7);
    CHECK(tree->root().of->atom("x") == "a\\ b\\}\\{");
    CHECK(tree->root().of->number("y") == 1);
}

TEST_CASE("what is no tree is an error, and depth has a bound") {
    for (const auto* text : {"", "(", "{", "{A", "{A :b", "{A b}", ")", "(a))", "a b"}) {
        INFO(text);
        CHECK_FALSE(node_tree::parse(text).has_value());
    }
    CHECK(node_tree::parse(std::string(2500, '(') + std::string(2500, ')')).has_value());
    CHECK_FALSE(node_tree::parse(std::string(1'000'000, '(')).has_value());
}
