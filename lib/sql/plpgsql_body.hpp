#pragma once

#include "why_not.hpp"

#include <penholder/error.hpp>

#include <string>
#include <vector>

namespace penholder::sql {

/// One piece of SQL in a PL/pgSQL function.
struct plpgsql_piece {
    enum class kind : std::uint8_t {
        assignment,  ///< `sql` is SELECT and the expression that is assigned.
        condition,   ///< The same; its value only chooses what runs.
        statement,   ///< A statement of its own, or a value that goes elsewhere.
    };
    kind what = kind::statement;
    std::string sql;
    std::string field_of_new;  ///< Of an assignment to a column of NEW: its name.
};

struct plpgsql_variable {
    std::string name;
    std::string type;  ///< As it was declared.
};

/// What a function's body consists of.
struct plpgsql_body {
    std::vector<plpgsql_variable> variables;  ///< Declared ones; not arguments, NEW, OLD or TG_….
    std::vector<plpgsql_piece> pieces;
    /// What makes the function more than assignments, conditions and plain SQL: "EXECUTE", "EXCEPTION", …; else empty.
    std::string beyond;
};

/// Reads CREATE FUNCTION … LANGUAGE plpgsql with PostgreSQL's own grammar (libpg_query), whose depth is bounded by its
/// own stack check. `arguments` are the names of the function's arguments. Pure; any thread. Errors: internal, where it
/// cannot be read.
result<plpgsql_body> read_plpgsql(const std::string& definition, const std::vector<std::string>& arguments);

}  // namespace penholder::sql
