#include "sql/function_review.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::sql;

namespace {

function_facts built_in(const std::string& name, char volatility, std::vector<std::string> types = {}) {
    function_facts made;
    made.name = "pg_catalog." + name;
    made.built_in = true;
    made.volatility = volatility;
    made.argument_types = std::move(types);
    return made;
}

std::string why(const function_facts& what, const database_facts& database = {}) {
    const auto found = objection_to(what, database);
    return found ? std::string(to_string(*found)) : std::string();
}

}  // namespace

TEST_CASE("volatile functions are plain if they were reviewed, others unless they were") {
    CHECK(why(built_in("lower", 'i')).empty());
    CHECK(why(built_in("now", 's')).empty());
    CHECK(why(built_in("nextval", 'v')).empty());
    CHECK(why(built_in("gen_random_uuid", 'v')).empty());
    CHECK(why(built_in("pg_notify", 'v')) == "volatile_function");
    CHECK(why(built_in("anything_new", 'v')) == "volatile_function");
    CHECK(why(built_in("txid_current", 's')) == "transaction_id");
    CHECK(why(built_in("current_setting", 's')) == "setting");
    CHECK(why(built_in("currval", 'v')) == "session_state");
    CHECK(why(built_in("table_to_xml", 's')) == "volatile_function");
    CHECK(why(built_in("pg_stat_get_tuples_inserted", 's')) == "session_state");
}

TEST_CASE("age is of a transaction or of a moment") {
    CHECK(why(built_in("age", 's', {"xid"})) == "transaction_id");
    CHECK(why(built_in("age", 'i', {"timestamp with time zone", "timestamp with time zone"})).empty());
}

TEST_CASE("text search is PostgreSQL's own unless the database has parsers or templates") {
    CHECK(why(built_in("to_tsvector", 'i')).empty());
    CHECK(why(built_in("to_tsvector", 'i'), {true, false, {}}) == "text_search");
}

TEST_CASE("which functions tell the transaction's time") {
    CHECK(tells_transaction_time(built_in("now", 's')));
    CHECK(tells_transaction_time(built_in("transaction_timestamp", 's')));
    CHECK_FALSE(tells_transaction_time(built_in("clock_timestamp", 'v')));
    CHECK_FALSE(tells_transaction_time(built_in("statement_timestamp", 's')));
    auto input = built_in("timestamptz_in", 's', {"cstring", "oid", "integer"});
    input.returns = 1184;
    CHECK(tells_transaction_time(input));
}

TEST_CASE("what cannot be cleaned") {
    CHECK(stains_session(built_in("set_config", 'v')));
    CHECK(stains_session(built_in("setseed", 'v')));
    CHECK_FALSE(stains_session(built_in("pg_advisory_lock", 'v')));
}
