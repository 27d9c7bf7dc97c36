#include "sql/stamping.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::sql;

namespace {

constexpr oid now_function = 1299;
using names = std::vector<std::string>;

std::map<oid, relation_facts> two_tables() {
    std::map<oid, relation_facts> made;
    made[1].id = 1;
    made[1].name = "public.a";
    made[2].id = 2;
    made[2].name = "public.b";
    return made;
}

stamping storing(const time_source& time, bool from_excluded = false) {
    stamping made;
    made.tells_time(now_function);
    made.add_stored({1, "at", time, from_excluded});
    return made;
}

const std::map<oid, unsigned> both_updated{{1, does_update}, {2, does_update}};

}  // namespace

TEST_CASE("a column that gets the transaction's time stamps its table") {
    CHECK(storing({true, {}}).tables(two_tables(), both_updated, {}) == names{"public.a"});
    CHECK(storing({false, {now_function}}).tables(two_tables(), both_updated, {}) == names{"public.a"});
    CHECK(storing({false, {7}}).tables(two_tables(), both_updated, {}).empty());
    CHECK(storing({false, {now_function}}).tables(two_tables(), both_updated, {"public.a.at"}).empty());
    CHECK(storing({false, {now_function}}).tables(two_tables(), both_updated, {"public.b.at"}) == names{"public.a"});
}

TEST_CASE("only tables whose rows are changed are stamped") {
    CHECK(storing({true, {}}).tables(two_tables(), {{1, does_insert}, {2, does_update}}, {}).empty());
}

TEST_CASE("tables that get new rows with the transaction's time are told apart from those whose rows are changed") {
    const std::map<oid, unsigned> inserted_into_a{{1, does_insert}, {2, does_update}};
    stamping made;
    made.tells_time(now_function);
    made.add_inserted(1, {false, {7}});
    CHECK(made.new_tables(two_tables(), inserted_into_a).empty());
    made.add_inserted(1, {false, {now_function}});
    CHECK(made.new_tables(two_tables(), inserted_into_a) == names{"public.a"});
    CHECK(made.new_tables(two_tables(), both_updated).empty());
    CHECK(made.tables(two_tables(), inserted_into_a, {}).empty());
}

TEST_CASE("a time that a new row got stamps the table into which a variable or that row carries it") {
    const std::map<oid, unsigned> inserted_into_b{{1, does_update}, {2, does_insert}};
    stamping made;
    made.tells_time(now_function);
    made.add_stored({1, "at", {}, false, true});
    CHECK(made.tables(two_tables(), inserted_into_b, {}).empty());
    made.add_inserted(2, {false, {now_function}});
    CHECK(made.tables(two_tables(), inserted_into_b, {}) == names{"public.a"});
    CHECK(made.tables(two_tables(), inserted_into_b, {"public.a.at"}).empty());
}

TEST_CASE("time goes through the results of functions, also of those that call each other") {
    auto made = storing({false, {100}});
    made.add_result(100, {false, {101}});
    made.add_result(101, {false, {100}});
    CHECK(made.tables(two_tables(), both_updated, {}).empty());
    made.add_result(101, {false, {now_function}});
    CHECK(made.tables(two_tables(), both_updated, {}) == names{"public.a"});
}

TEST_CASE("time that may go anywhere stamps every table that is changed") {
    stamping made;
    made.add_elsewhere({true, {}});
    CHECK(made.tables(two_tables(), both_updated, {"public.a.at"}) == names{"public.a", "public.b"});
}

TEST_CASE("a new row's time counts where a conflict takes it over") {
    for (const bool taken : {false, true}) {
        auto made = storing({}, taken);
        made.add_inserted(1, {false, {now_function}});
        CHECK(made.tables(two_tables(), both_updated, {}).empty() == !taken);
    }
}

TEST_CASE("a parent's time is its partitions', a view's is that of all below") {
    auto relations = two_tables();
    relations[1].family.children = {2};
    CHECK(storing({true, {}}).tables(relations, both_updated, {}) == names{"public.a", "public.b"});
    auto view = two_tables();
    view[1].kind = 'v';
    CHECK(storing({true, {}}).tables(view, both_updated, {}) == names{"public.b"});
}
