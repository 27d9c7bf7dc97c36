#pragma once

#include <cstdint>
#include <string>

namespace penholder::sql {

/// What PostgreSQL's format_type names a type that is built in, by the numbers with which a result describes a column:
/// "integer", "numeric(10,2)", "text[]". Empty for every other type, and for a modifier that is not read here: only
/// the catalogue can name those. Pure.
std::string builtin_type_name(std::uint32_t oid, std::int32_t modifier);

}  // namespace penholder::sql
