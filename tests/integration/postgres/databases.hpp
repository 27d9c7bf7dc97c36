#pragma once

#include "postgres/schema.hpp"
#include "support/postgres_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace penholder::testing {

/// The server that the tests of this folder share; each test has a database of its own in it.
inline postgres_server& shared_server() {
    static postgres_server server({.settings = {{"max_prepared_transactions", "5"}}});
    return server;
}

/// A new database with schema and two tables: counter(id, n) with row 1, and log(id primary key, note).
inline std::string fresh_database() {
    static int count = 0;
    const auto name = "lane_" + std::to_string(++count);
    shared_server().create_database(name);
    REQUIRE(postgres::init_schema(shared_server().conninfo(name)).has_value());
    shared_server().exec("CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL CHECK (n >= 0))", name);
    shared_server().exec("INSERT INTO counter VALUES (1, 0)", name);
    shared_server().exec("CREATE TABLE entries (id int PRIMARY KEY, note text)", name);
    return name;
}

inline std::string one_value(const std::string& database, const std::string& sql) {
    return shared_server().exec(sql, database)[0][0].c_str();
}

/// How many of its connections sleep at this moment.
inline int sleeping(const std::string& database) {
    return shared_server()
        .exec("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
              database)[0][0]
        .as<int>();
}

}  // namespace penholder::testing
