#include "sql/builtin_types.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::sql::builtin_type_name;

// What a server says of every one of them: tests/integration/postgres/type_names.cpp.
TEST_CASE("a built-in type has the name that format_type gives it") {
    CHECK(builtin_type_name(23, -1) == "integer");
    CHECK(builtin_type_name(1184, -1) == "timestamp with time zone");
    CHECK(builtin_type_name(1042, -1) == "bpchar");  // Without a length it is another than "character".
    CHECK(builtin_type_name(1560, -1) == "\"bit\"");
    CHECK(builtin_type_name(3807, -1) == "jsonb[]");
}

TEST_CASE("a modifier stands where the type has it, in arrays too") {
    constexpr auto packed = [](std::int32_t precision, std::int32_t scale) {
        return ((precision << 16) | (scale & 0x7FF)) + 4;
    };
    CHECK(builtin_type_name(1700, packed(10, 2)) == "numeric(10,2)");
    CHECK(builtin_type_name(1700, packed(5, -2)) == "numeric(5,-2)");
    CHECK(builtin_type_name(1231, packed(1000, 0)) == "numeric(1000,0)[]");
    CHECK(builtin_type_name(1043, 9) == "character varying(5)");
    CHECK(builtin_type_name(1042, 5) == "character(1)");
    CHECK(builtin_type_name(1560, 5) == "bit(5)");
    CHECK(builtin_type_name(1083, 3) == "time(3) without time zone");
    CHECK(builtin_type_name(1185, 0) == "timestamp(0) with time zone[]");
}

TEST_CASE("what only the catalogue can name has no name here") {
    CHECK(builtin_type_name(0, -1).empty());
    CHECK(builtin_type_name(16'432, -1).empty());
    CHECK(builtin_type_name(1186, 0x7FFF'0003).empty());  // interval(3)
    CHECK(builtin_type_name(23, 5).empty());
}
