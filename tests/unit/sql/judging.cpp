#include "sql/judging.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

using namespace penholder::sql;

namespace {

constexpr oid table = 20000;
constexpr oid trigger_function = 20100;
constexpr oid oid_of_now = 1299;

std::string update(const std::string& value) {
    return "({QUERY :commandType 2 :resultRelation 1 :rtable ({RANGETBLENTRY :rtekind 0 :relid 20000 :relkind r}) "
           ":targetList ({TARGETENTRY :expr " +
           value + " :resno 1 :resname n})})";
}

function_facts function(oid id, const std::string& name, bool built_in) {
    function_facts made;
    made.id = id;
    made.name = name;
    made.built_in = built_in;
    made.volatility = 's';
    made.language = built_in ? "internal" : "plpgsql";
    made.plain_arguments = true;
    return made;
}

/// A database with one table, which may have a trigger; answers what judging asks.
struct catalogue {
    catalogue() {
        of_table.id = table;
        of_table.name = "public.t";
        functions = {function(oid_of_now, "pg_catalog.now", true)};
    }

    plainness judge(const std::string& tree, judging_rules rules = {}) {
        judging machine(std::move(rules), facts);
        machine.start(sql, {tree, {23}});
        while (const auto asked = machine.next()) {
            if (const auto* objects = std::get_if<question::objects>(&*asked)) {
                machine.found(answer(*objects));
            } else {
                probes.push_back(std::get<question::probe>(*asked).create_function);
                machine.resolved(probe);
            }
        }
        return machine.verdict();
    }

    catalogue_facts answer(const question::objects& asked) const {
        catalogue_facts made;
        if (asked.relations.contains(table)) made.relations.push_back(of_table);
        for (const auto& one : functions) {
            if (asked.functions.contains(one.id)) made.functions.push_back(one);
        }
        return made;
    }

    void add_trigger(const std::string& source) {
        of_table.triggers = {{"touch", trigger_function, does_update, false}};
        auto made = function(trigger_function, "public.touch", false);
        made.source = source;
        made.definition = "CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $f$" + source + "$f$";
        functions.push_back(made);
    }

    std::string sql = "UPDATE t SET n = $1";
    relation_facts of_table;
    std::vector<function_facts> functions;
    database_facts facts;
    penholder::result<resolved_code> probe = resolved_code{
        "(({QUERY :commandType 1 :resultRelation 0 :targetList "
        "({TARGETENTRY :expr {FUNCEXPR :funcid 1299} :resno 1})}))",
        {25U}};
    std::vector<std::string> probes;
};

const std::string constant = "{CONST :consttype 23}";

}  // namespace

TEST_CASE("a statement that reaches nothing of the user's is plain") {
    catalogue all;
    const auto known = all.judge(update(constant));
    CHECK(known.plain);
    CHECK(known.why_not.empty());
    CHECK(known.parameters == 1);
    CHECK(known.stamped_tables.empty());
}

TEST_CASE("the first reason is told, with what exactly") {
    catalogue all;
    auto notify = function(3036, "pg_catalog.pg_notify", true);
    notify.volatility = 'v';
    all.functions.push_back(notify);
    const auto known = all.judge(update("{FUNCEXPR :funcid 3036}"));
    CHECK_FALSE(known.plain);
    CHECK(known.why_not == "volatile_function");
    CHECK(known.detail == "pg_catalog.pg_notify()");
    CHECK(known.leaves == residue::cleanable);
}

TEST_CASE("the commonest trigger is plain and stamps its table") {
    catalogue all;
    all.add_trigger("BEGIN NEW.updated_at := now(); RETURN NEW; END");
    const auto known = all.judge(update(constant));
    INFO(known.detail);
    CHECK(known.plain);
    CHECK(known.stamped_tables == std::vector<std::string>{"public.t"});
    REQUIRE(all.probes.size() >= 1);
    CHECK(all.probes[0].find("\"new\" public.t") != std::string::npos);
}

TEST_CASE("a trigger that does more is not plain, unless the operator vouches for it") {
    catalogue all;
    all.add_trigger("BEGIN EXECUTE 'x'; RETURN NEW; END");
    const auto known = all.judge(update(constant));
    CHECK(known.why_not == "trigger");
    CHECK(known.detail == "public.touch(), a trigger of public.t, has EXECUTE");
    CHECK(known.leaves == residue::unclean);
    CHECK(all.judge(update(constant), {{"public.touch"}, {}}).plain);
}

TEST_CASE("row security is not plain, and leaves what its policies leave") {
    catalogue all;
    all.of_table.row_security = true;
    all.of_table.trees = {"{FUNCEXPR :funcid 1299}"};
    const auto known = all.judge(update(constant));
    CHECK(known.why_not == "row_security");
    CHECK(known.leaves == residue::nothing);
    all.functions.push_back(function(2078, "pg_catalog.set_config", true));
    all.of_table.trees = {"{FUNCEXPR :funcid 1299}", "{FUNCEXPR :funcid 2078}"};
    CHECK(all.judge(update(constant)).leaves == residue::unclean);
}

TEST_CASE("what cannot be resolved is not plain") {
    catalogue all;
    all.add_trigger("BEGIN NEW.a := nothing(); RETURN NEW; END");
    all.probe = penholder::error{penholder::errc::statement_failed, "no function nothing()"};
    const auto known = all.judge(update(constant));
    CHECK(known.why_not == "trigger");
    CHECK(known.detail.find("no function nothing()") != std::string::npos);
}

TEST_CASE("code that is not looked into may leave what nobody can clean, whatever keeps it from being looked into") {
    for (const auto* body : {"BEGIN RETURN NEW; EXCEPTION WHEN others THEN RETURN NEW; END",
                             "DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP PERFORM r; END LOOP; RETURN NEW; END"}) {
        catalogue all;
        all.add_trigger(body);
        const auto known = all.judge(update(constant));
        INFO(known.detail);
        CHECK_FALSE(known.plain);
        CHECK(known.leaves == residue::unclean);
    }
}

TEST_CASE("what the catalogue does not know is not plain and leaves what nobody can clean") {
    catalogue all;
    const auto known = all.judge(update("{FUNCEXPR :funcid 99999}"));
    CHECK_FALSE(known.plain);
    CHECK(known.leaves == residue::unclean);
    CHECK(all.judge("nonsense").why_not == "unknown");
    CHECK(all.judge(update("{NEWNODE :a 1}")).why_not == "unknown");
}

TEST_CASE("a moment in the text counts where it became one") {
    catalogue all;
    all.sql = "UPDATE t SET n = 'now'";
    CHECK(all.judge(update("{CONST :consttype 25}")).plain);
    CHECK(all.judge(update("{CONST :consttype 1184}")).why_not == "relative_time");
    all.sql = "UPDATE t SET n = '2026-11-26'";
    CHECK(all.judge(update("{CONST :consttype 1184}")).plain);
}

TEST_CASE("casts of the user's to a type that a function assigns are not plain") {
    catalogue all;
    all.add_trigger("BEGIN NEW.updated_at := now(); RETURN NEW; END");
    all.of_table.columns = {{"updated_at", 1184, "", false}};
    CHECK(all.judge(update(constant)).plain);
    all.facts.cast_targets = {1184};
    CHECK_FALSE(all.judge(update(constant)).plain);
}
