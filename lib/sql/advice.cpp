#include "advice.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace penholder::sql {
namespace {

struct row {
    std::string_view sqlstate;
    std::string_view advice;
};

constexpr std::string_view disk_full =
    "Free disk space at the database server, or add some: where the table's tablespace lies, or the log (pg_wal).";

constexpr auto table = std::to_array<row>({
    {"08P01", "Give the statement as many params as it has $1, $2 and so on."},
    {"22P02",
     "A parameter is read as PostgreSQL writes a value of the type that it has in the statement: an array as {1,2}, a "
     "date as 2026-11-27. In the body of an HTTP request an array for a json or jsonb parameter is written "
     "{\"json\": [1, 2]}, an empty one {\"json\": []}."},
    {"23502", "Give the column a value, or the table a default for it."},
    {"23503",
     "Write the row that is referred to before the one that refers to it, in the same write or an earlier one, and "
     "delete it after that one."},
    {"23505", "Where such a row may be there already, say with ON CONFLICT what is to happen then."},
    {"3F000", "Create the schema, or correct its name."},
    {"42501",
     "Grant the right to the role that the nodes use, which the group's database option names: writes run under it."},
    {"42601", "Parameters are written $1, $2 and so on; a statement is one command."},
    {"42703", "A name without double quotes is read in lower case; one with capitals needs them."},
    {"42P01",
     "Create the table in the database that the group writes to, or write its schema before its name: a name without "
     "one is looked for in the search_path of the nodes' role."},
    {"42P18", "Give the parameter a type by a cast, such as $1::integer."},
    {"53100", disk_full},
    {"57014", "It ran into a time limit, such as the group's statement_timeout_max_ms, or was cancelled by somebody."},
});

constexpr auto server_table = std::to_array<row>({
    {"25006", "Let the group's database option name the primary, and look at default_transaction_read_only."},
    {"28000", "Let the role that the nodes use log in: ALTER ROLE … LOGIN, and see pg_hba.conf."},
    {"28P01", "Give the nodes the right password of their role."},
    {"3D000", "Create the database, or correct the group's database option."},
    {"42501",
     "Run `penholder init --lane-role ROLE` as a superuser, with the role that the nodes use: it grants what they "
     "need of schema penholder."},
    {"42883", "Run `penholder init` as a superuser: it makes what is missing of schema penholder."},
    {"53100", disk_full},
    {"53200", "Give the database server more memory, or its connections less."},
    {"53300", "Raise max_connections of the database server, or take connections from others."},
});

std::string_view found_in(std::span<const row> rows, std::string_view sqlstate) noexcept {
    const auto found = std::ranges::find(rows, sqlstate, &row::sqlstate);
    return found == rows.end() ? std::string_view() : found->advice;
}

}  // namespace

std::string_view advice(std::string_view sqlstate) noexcept {
    return found_in(table, sqlstate);
}

std::string_view server_advice(std::string_view sqlstate) noexcept {
    return found_in(server_table, sqlstate);
}

}  // namespace penholder::sql
