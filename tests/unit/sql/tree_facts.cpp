#include "sql/tree_facts.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace penholder::sql;

namespace {

tree_facts facts(const std::string& tree, tree_of what = tree_of::statement) {
    const auto read = read_tree(tree, what);
    REQUIRE(read.has_value());
    return *read;
}

const std::string call_of_now = "{FUNCEXPR :funcid 1299 :funcresulttype 1184 :args <>}";
const std::string time_value = "{SQLVALUEFUNCTION :op 3 :type 1184 :typmod -1}";
const std::string user_value = "{SQLVALUEFUNCTION :op 10 :type 19 :typmod -1}";

std::string entry(const std::string& column, const std::string& value) {
    return "{TARGETENTRY :expr " + value + " :resno 1 :resname " + column + "}";
}

/// A statement on relation 20000: command 2 is UPDATE, 3 INSERT, 4 DELETE, 1 SELECT.
std::string query(int command, const std::string& entries, const std::string& more = "") {
    return "{QUERY :commandType " + std::to_string(command) + " :resultRelation " + (command == 1 ? "0" : "1") +
           " :rtable ({RANGETBLENTRY :rtekind 0 :relid 20000 :relkind r}) :targetList (" + entries + ") " + more + "}";
}

}  // namespace

TEST_CASE("functions, operators and types are found by the fields that name them") {
    const auto found = facts(
        "{OPEXPR :opno 96 :opfuncid 65 :opresulttype 16 :args ({AGGREF :aggfnoid 2108 :aggtype 20000} "
        "{ROWCOMPARE :opnos (o 97 98)} {SORTGROUPCLAUSE :eqop 99 :sortop 100} {WINDOWFUNC :winfnoid 3100})}");
    CHECK(found.functions == std::set<oid>{65, 2108, 3100});
    CHECK(found.operators == std::set<oid>{96, 97, 98, 99, 100});
    CHECK(found.types == std::set<oid>{20000});
    CHECK(found.unknown.empty());
}

TEST_CASE("what is done to relations") {
    CHECK(facts(query(1, "")).relations == std::map<oid, unsigned>{{20000, does_read}});
    CHECK(facts(query(2, "")).relations.at(20000) == (does_read | does_update));
    CHECK(facts(query(3, "")).relations.at(20000) == (does_read | does_insert));
    CHECK(facts(query(4, "")).relations.at(20000) == (does_read | does_delete));
    const auto upsert = facts(query(3, "", ":onConflict {ONCONFLICTEXPR :action 2 :onConflictSet <> :exclRelIndex 2}"));
    CHECK(upsert.relations.at(20000) == (does_read | does_insert | does_update));
    const auto merge = facts(query(5, "", ":mergeActionList ({MERGEACTION :commandType 4 :targetList <>})"));
    CHECK(merge.relations.at(20000) == (does_read | does_delete));
}

TEST_CASE("system columns but tableoid, constants of roles and of moments, parts nobody knows") {
    CHECK(facts("{VAR :varno 1 :varattno -3}").system_column);
    CHECK_FALSE(facts("{VAR :varno 1 :varattno -6}").system_column);
    CHECK_FALSE(facts("{VAR :varno 1 :varattno 3}").system_column);
    CHECK(facts("{CONST :consttype 4096}").role_constant);
    CHECK(facts("{CONST :consttype 1184}").moment_constant);
    CHECK(facts("{CONST :consttype 1185}").moment_constant);
    CHECK(facts("{CONST :consttype 20000}").moment_constant);
    CHECK_FALSE(facts("{CONST :consttype 25}").moment_constant);
    CHECK(facts("{NEWNODE :args ({VAR :varno 1})}").unknown == "NEWNODE");
    CHECK(facts("{CURRENTOFEXPR :cvarno 1}").unknown == "CURRENTOFEXPR");
    CHECK(facts("{SETTODEFAULT :typeId 23}").stores_default);
}

TEST_CASE("time in a column of a changed row is that column's") {
    const auto found = facts(query(2, entry("at", call_of_now) + entry("n", "{VAR :varno 1 :varattno 1}")));
    REQUIRE(found.stored.size() == 2);
    CHECK(found.stored[0].column == "at");
    CHECK(found.stored[0].relation == 20000);
    CHECK(found.stored[0].time.functions == std::set<oid>{1299});
    CHECK_FALSE(found.stored[1].time.possible());
    CHECK_FALSE(found.elsewhere.possible());
    CHECK(facts(query(2, entry("at", time_value))).stored[0].time.direct);
    CHECK_FALSE(facts(query(2, entry("who", user_value))).stored[0].time.direct);
    CHECK(facts(query(2, entry("at", "{COERCEVIAIO :arg {VAR :varno 1} :resulttype 1184}"))).stored[0].time.direct);
}

TEST_CASE("what may carry a time from elsewhere into a changed row") {
    const auto carries = [](const std::string& value, tree_of what = tree_of::statement) {
        return facts(query(2, entry("at", value)), what).stored.at(0).from_moment;
    };
    CHECK(carries("{VAR :varno 2 :varattno 3 :vartype 1184 :varlevelsup 0}"));
    CHECK(carries("{FUNCEXPR :funcid 1 :args ({VAR :varno 2 :varattno 0 :vartype 20000})}"));
    CHECK_FALSE(carries("{VAR :varno 1 :varattno 3 :vartype 1184 :varlevelsup 0}"));
    CHECK_FALSE(carries("{VAR :varno 2 :varattno 3 :vartype 23}"));
    const std::string variable = "{PARAM :paramkind 0 :paramid 1 :paramtype 1184}";
    CHECK(carries(variable, tree_of::code));
    CHECK_FALSE(carries(variable));  // The client's own.
    CHECK(carries("{PARAM :paramkind 3 :paramid 1 :paramtype 1184}"));
    const auto field = [](const std::string& type) {
        return "{FIELDSELECT :arg {PARAM :paramkind 0 :paramid 1 :paramtype 20000} :fieldnum 2 :resulttype " + type +
               "}";
    };
    CHECK(carries(field("1184"), tree_of::code));
    CHECK_FALSE(carries(field("23"), tree_of::code));
}

TEST_CASE("time in conditions, answers and new rows is not stored in changed ones") {
    CHECK_FALSE(facts(query(2, "", ":jointree {FROMEXPR :quals " + call_of_now + "}")).elsewhere.possible());
    CHECK_FALSE(facts(query(2, "", ":returningList (" + entry("x", call_of_now) + ")")).elsewhere.possible());
    CHECK_FALSE(facts(query(3, entry("at", call_of_now))).elsewhere.possible());
    CHECK(facts(query(2, "", ":cteList ({COMMONTABLEEXPR :ctequery " + query(1, entry("x", call_of_now)) + "})"))
              .elsewhere.functions.contains(1299));
    // What a function answers may be stored by who calls it.
    CHECK(facts(query(2, "", ":returningList (" + entry("x", call_of_now) + ")"), tree_of::code).elsewhere.possible());
}

TEST_CASE("what was to be inserted may be stored on conflict") {
    const auto upsert = [&](const std::string& set) {
        return facts(query(3, entry("at", call_of_now),
                           ":onConflict {ONCONFLICTEXPR :action 2 :exclRelIndex 2 :onConflictSet (" + set + ")}"));
    };
    const auto taken = upsert(entry("at", "{VAR :varno 2 :varattno 1}"));
    REQUIRE(taken.stored.size() == 1);
    CHECK(taken.stored[0].from_excluded);
    CHECK(taken.inserted.at(20000).functions.contains(1299));
    CHECK_FALSE(upsert(entry("n", "{VAR :varno 1 :varattno 2}")).stored[0].from_excluded);
}
