#include "advice.hpp"

#include <algorithm>
#include <array>

namespace penholder::sql {
namespace {

struct row {
    std::string_view sqlstate;
    std::string_view advice;
};

constexpr auto table = std::to_array<row>({
    {"08P01", "Give the statement as many params as it has $1, $2 and so on."},
    {"22P02",
     "A parameter is read as PostgreSQL writes a value of the type that it has in the statement: an array as {1,2}, a "
     "date as 2026-11-27."},
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
    {"57014", "It ran into a time limit, such as the group's statement_timeout_max_ms, or was cancelled by somebody."},
});

}  // namespace

std::string_view advice(std::string_view sqlstate) noexcept {
    const auto* found = std::ranges::find(table, sqlstate, &row::sqlstate);
    return found == table.end() ? std::string_view() : found->advice;
}

}  // namespace penholder::sql
