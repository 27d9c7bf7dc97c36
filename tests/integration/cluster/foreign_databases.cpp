// Nodes of one group and one root with different databases, on real servers.
#include "cluster.hpp"
#include "postgres/schema.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

/// A database as an application's second installation has it: the same schema, the same tables.
struct other_database {
    std::string name;
    std::string conninfo = shared_postgres().conninfo(name);

    explicit other_database(std::string called) : name(std::move(called)) {
        shared_postgres().create_database(name);
        REQUIRE(postgres::init_schema(conninfo).has_value());
        shared_postgres().exec("CREATE TABLE marks (mark text)", name);
    }
    std::string one_value(const std::string& sql) const { return shared_postgres().exec(sql, name)[0][0].c_str(); }
};

write mark(const std::string& what, std::chrono::milliseconds within = std::chrono::seconds(10)) {
    write one(what);
    one.deadline(within);
    one.add("INSERT INTO marks VALUES ($1)", what);
    return one;
}

std::string marks_in(const std::string& database) {
    return shared_postgres()
        .exec("SELECT coalesce(string_agg(mark, ' ' ORDER BY mark), '') FROM marks", database)[0][0]
        .c_str();
}

}  // namespace

TEST_CASE("a node with another database takes no part, is named, and never leads") {
    cluster right({.nodes = 1});
    shared_postgres().exec("CREATE TABLE marks (mark text)", right.database());
    const other_database other("foreign_to_" + right.database());
    right.wait_for_leader();
    REQUIRE(right[0].submit("orders", mark("first")).outcome == outcome::committed);

    auto settings = right.node_options(1);
    settings.groups.front().database = other.conninfo;
    running_node wrong(settings);
    wait_until("it says what is wrong", [&] { return !wrong.status("orders").trouble.empty(); });
    const auto said = wrong.status("orders");
    CHECK_THAT(said.trouble, ContainsSubstring("penholder adopt-database"));
    CHECK(said.now.role == role::offline);
    CHECK(said.now.leader.empty());
    CHECK_FALSE(said.eligible);
    wait_until("both are members", [&] { return right[0].status("orders").members.size() == 2; });
    const auto members = right[0].status("orders").members;
    CHECK(members[0].database != members[1].database);
    CHECK_FALSE(members[1].database.empty());
    CHECK(wrong.submit("orders", mark("astray", std::chrono::milliseconds(500))).outcome == outcome::rejected);

    right.remove(0);
    CHECK(wrong.submit("orders", mark("alone", std::chrono::milliseconds(1500))).outcome == outcome::rejected);
    CHECK(wrong.history("orders").size() == 1);
    CHECK(marks_in(other.name) == "");
    CHECK(other.one_value("SELECT max(term) FROM penholder.fence") == "0");

    running_node next(right.node_options(2));
    CHECK(next.submit("orders", mark("second")).outcome == outcome::committed);
    CHECK(next.status("orders").now.term == 2);
    CHECK(marks_in(right.database()) == "first second");
}

TEST_CASE("the writes of a node with another database stay out of the group's") {
    cluster right({.nodes = 2});
    shared_postgres().exec("CREATE TABLE marks (mark text)", right.database());
    const other_database other("astray_from_" + right.database());
    right.wait_for_leader();
    auto settings = right.node_options(5);
    settings.groups.front().database = other.conninfo;
    for (int round = 0; round < 5; ++round) {
        running_node wrong(settings);
        const auto answer = wrong.submit("orders", mark("astray", std::chrono::milliseconds(300)));
        CHECK(answer.outcome == outcome::rejected);
    }
    CHECK(marks_in(right.database()) == "");
    CHECK(marks_in(other.name) == "");
}

}  // namespace penholder::testing
