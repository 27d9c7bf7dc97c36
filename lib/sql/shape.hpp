#pragma once

#include "scanner.hpp"

#include <span>
#include <string>

namespace penholder::sql {

/// The shape of a statement: its tokens, one space between two, words in lower case, constants as a tag of their kind.
///
/// What PostgreSQL finds out of a statement before it runs (types, functions, operators, casts, tables) is the same
/// for all statements of one shape, because its analysis looks at a constant's kind and not at its value, but for:
///
/// - a number's size decides its type: the tags are of int4, int8 and numeric, and the two values whose type a minus
///   sign changes (2147483648, 9223372036854775808) stay as they are;
/// - integers in ORDER BY, GROUP BY and DISTINCT ON are positions, and float(n) is one of two types: they stay;
/// - a string is of unknown type until its place gives it one, and is then read by that type's input. A moment such as
///   'now' has a tag of its own ('t'), as have strings whose escapes could spell one. Names in strings
///   ('t'::regclass, nextval('s')) choose objects, not code: judging counts on no more than that it is a name;
/// - rows of a VALUES list that look alike are folded from the second on: their common types are those of two rows.
///   Rows of parameters are folded where they are numbered through from $1 and nothing else has parameters.
///
/// Empty for what is not plain whatever the catalogue says: a first word other than SELECT, INSERT, UPDATE, DELETE,
/// MERGE, WITH, VALUES, TABLE; SELECT … INTO; numbers that PostgreSQL 15 does not know; shapes over 64 KiB. Pure.
std::string shape_of(std::span<const token> tokens);

/// The tag of a string that may tell a moment.
inline constexpr std::string_view relative_time_tag = "'t'";

}  // namespace penholder::sql
