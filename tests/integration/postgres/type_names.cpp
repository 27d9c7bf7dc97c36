#include "sql/builtin_types.hpp"
#include "support/postgres_server.hpp"

#include <penholder/write.hpp>

#include <catch2/catch_test_macros.hpp>
#include <pqxx/pqxx>

#include <cstdint>
#include <string>
#include <vector>

using namespace penholder;

// Types of initdb's own numbers; those above are made by it anew in each release.
TEST_CASE("every built-in type that has a name here has the one that the server gives it") {
    testing::postgres_server server;
    const auto all = server.exec(
        "SELECT t.oid::int8, format_type(t.oid, -1), t.typelem, m.modifier, format_type(t.oid, m.modifier) "
        "FROM pg_type t CROSS JOIN (VALUES (0), (4), (5), (6), (9), (655366), (65540)) AS m (modifier) "
        "WHERE t.oid < 10000 AND t.oid NOT IN (1186, 1187)");
    int named = 0;
    for (const auto& row : all) {
        const auto oid = row[0].as<std::uint32_t>();
        const auto name = sql::builtin_type_name(oid, -1);
        INFO(row[1].c_str() << " with modifier " << row[3].c_str());
        if (name.empty()) continue;
        ++named;
        CHECK(name == row[1].c_str());
        const auto modified = sql::builtin_type_name(oid, row[3].as<std::int32_t>());
        CHECK((modified.empty() || modified == row[4].c_str()));
    }
    CHECK(named > 7 * 100);
    for (const auto* common : {"numeric(10,2)", "varchar(5)", "char(3)", "bit(3)", "varbit(4)", "time(3)", "timetz(0)",
                               "timestamp(6)", "timestamptz(2)[]", "numeric(4,1)[]"}) {
        server.exec("DROP TABLE IF EXISTS of_one_type; CREATE TABLE of_one_type (value " + std::string(common) + ")");
        const auto row = server.exec(
            "SELECT atttypid::int8, atttypmod, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 'of_one_type'::regclass AND attname = 'value'")[0];
        INFO(common);
        CHECK(sql::builtin_type_name(row[0].as<std::uint32_t>(), row[1].as<std::int32_t>()) == row[2].c_str());
    }
}

TEST_CASE("the server reads a vector's array as the vector, and writes it in the same way") {
    testing::postgres_server server;
    pqxx::connection connection(server.conninfo("postgres"));
    pqxx::nontransaction work(connection);
    const std::vector<std::string> hard{"a", "", "NULL", "null", "a b", "\t", "a,b", "{a}", "a\"b", "a\\b", "\xc3\xa9"};
    const auto sent = to_parameter(hard);
    for (std::size_t at = 0; at < hard.size(); ++at) {
        const auto element = work.exec_params("SELECT ($1::text[])[$2::int]", *sent, at + 1)[0][0];
        CHECK(std::string(element.c_str()) == hard[at]);
        CHECK_FALSE(element.is_null());
    }
    CHECK(work.exec_params("SELECT $1::text[]::text", *sent)[0][0].c_str() == *sent);
    const auto nested = to_parameter(std::vector<std::vector<parameter>>{{"1", std::nullopt}, {"3", "4"}});
    CHECK(std::string(work.exec_params("SELECT array_to_json($1::int[])", *nested)[0][0].c_str()) ==
          "[[1,null],[3,4]]");
    const auto empty = to_parameter(std::vector<std::vector<int>>{{}, {}});
    CHECK(std::string(work.exec_params("SELECT array_to_json($1::int[])", *empty)[0][0].c_str()) == "[]");
}
