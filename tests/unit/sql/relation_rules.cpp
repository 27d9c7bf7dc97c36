#include "sql/relation_rules.hpp"

#include "sql/tree_facts.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::sql;

namespace {

relation_facts ordinary_table() {
    relation_facts made;
    made.id = 20000;
    made.name = "public.t";
    return made;
}

std::string first_reason(const relation_facts& of, unsigned done) {
    const auto needs = needs_of(of, done);
    return needs.objections.empty() ? std::string() : std::string(to_string(needs.objections.front().why));
}

}  // namespace

TEST_CASE("an ordinary table needs nothing") {
    const auto needs = needs_of(ordinary_table(), does_insert | does_update | does_delete | does_read);
    CHECK(needs.objections.empty());
    CHECK(needs.relations.empty());
    CHECK(needs.triggers.empty());
}

TEST_CASE("kinds of relations that are not plain") {
    const auto of_kind = [](char kind) {
        auto made = ordinary_table();
        made.kind = kind;
        return first_reason(made, does_read);
    };
    CHECK(of_kind('f') == "foreign_table");
    CHECK(of_kind('S') == "session_state");
    for (const char kind : {'r', 'p', 'v', 'm'}) CHECK(of_kind(kind).empty());
    auto catalogue = ordinary_table();
    catalogue.id = 1259;
    CHECK(first_reason(catalogue, does_read) == "catalogue_table");
    auto own = ordinary_table();
    own.name = "penholder.fence";
    CHECK(first_reason(own, does_read) == "catalogue_table");
    auto temporary = ordinary_table();
    temporary.temporary = true;
    CHECK(first_reason(temporary, does_read) == "temporary_table");
    auto secret = ordinary_table();
    secret.row_security = true;
    CHECK(first_reason(secret, does_read) == "row_security");
    auto ruled = ordinary_table();
    ruled.rules = {"r"};
    CHECK(first_reason(ruled, does_insert) == "rule");
    auto odd = ordinary_table();
    odd.not_built_in = {"index i"};
    CHECK(first_reason(odd, does_read) == "operator_class");
}

TEST_CASE("triggers fire for their events") {
    auto of = ordinary_table();
    of.triggers = {{"a", 30000, does_update, false}, {"b", 30001, does_insert, true}};
    CHECK(needs_of(of, does_read).triggers.empty());
    CHECK(needs_of(of, does_delete).triggers.empty());
    REQUIRE(needs_of(of, does_update).triggers.size() == 1);
    CHECK(needs_of(of, does_update).triggers[0]->function == 30000);
    CHECK(first_reason(of, does_update).empty());
    CHECK(first_reason(of, does_insert) == "deferrable");
}

TEST_CASE("foreign keys reach the other table as their actions say") {
    auto of = ordinary_table();
    of.keys = {{"k", 20001, 20000, 'c', 'n', false}};
    CHECK(needs_of(of, does_insert).relations.empty());
    CHECK(needs_of(of, does_delete).relations.at(20001) == (does_delete | does_read));
    CHECK(needs_of(of, does_update).relations.at(20001) == does_update);
    of.keys = {{"k", 20001, 20000, 'd', 'a', false}};
    CHECK(needs_of(of, does_delete).relations.at(20001) == (does_update | does_default));
    CHECK(needs_of(of, does_update).relations.at(20001) == does_read);
    of.keys = {{"k", 20000, 20002, 'c', 'c', false}};
    CHECK(needs_of(of, does_insert).relations.at(20002) == does_read);
    CHECK(needs_of(of, does_delete).relations.empty());
}

TEST_CASE("a deferrable key matters on the side that is changed") {
    auto child = ordinary_table();
    child.keys = {{"k", 20000, 20001, 'a', 'a', true}};
    CHECK(first_reason(child, does_insert) == "deferrable");
    CHECK(first_reason(child, does_delete).empty());
    CHECK(first_reason(child, does_read).empty());
    auto parent = ordinary_table();
    parent.keys = {{"k", 20001, 20000, 'a', 'a', true}};
    CHECK(first_reason(parent, does_delete) == "deferrable");
    CHECK(first_reason(parent, does_insert).empty());
    auto unique = ordinary_table();
    unique.deferrable = {"u"};
    CHECK(first_reason(unique, does_update) == "deferrable");
    CHECK(first_reason(unique, does_read).empty());
}

TEST_CASE("children share what is done, and an update may move rows between partitions") {
    auto of = ordinary_table();
    of.family.children = {20001};
    CHECK(needs_of(of, does_update).relations.at(20001) == does_update);
    of.kind = 'p';
    CHECK(needs_of(of, does_update).relations.at(20001) == (does_insert | does_update | does_delete));
    CHECK(needs_of(of, does_read).relations.at(20001) == does_read);
    auto part = ordinary_table();
    part.family.parents = {20002};
    CHECK(needs_of(part, does_insert).relations.at(20002) == does_route);
    CHECK(needs_of(part, does_read).relations.empty());
}

TEST_CASE("defaults fill new rows, generated columns changed ones too") {
    auto of = ordinary_table();
    of.columns = {{"a", 23, "{A}", false}, {"b", 23, "{B}", true}, {"c", 23, "", false}};
    REQUIRE(needs_of(of, does_insert).defaults.size() == 1);
    CHECK(needs_of(of, does_insert).defaults[0].first == "a");
    CHECK(needs_of(of, does_update).defaults.empty());
    CHECK(needs_of(of, does_update | does_default).defaults.size() == 1);
    CHECK(needs_of(of, does_update).trees == std::vector<std::string>{"{B}"});
}
