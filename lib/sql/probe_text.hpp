#pragma once

#include "catalogue_facts.hpp"
#include "plpgsql_body.hpp"

#include <penholder/error.hpp>

#include <span>
#include <string>
#include <string_view>

namespace penholder::sql {

/// CREATE FUNCTION pg_temp.… with a body in SQL, whose parsed form shows how PostgreSQL resolves what is in it. Nothing
/// of a body runs when a function is made.
///
/// A text cannot close the body or add to it. The body is BEGIN ATOMIC followed by statements that each end with a
/// semicolon, and END. A text that is put in has no semicolon, as PostgreSQL's scanner sees it, and begins with a word
/// that begins a statement of its own and not with END. So by PostgreSQL's grammar all of it up to our semicolon is one
/// statement, whatever it holds, or PostgreSQL refuses the whole. Its last line may be a comment: our semicolon is on
/// the next.

/// A statement that has passed the screening, with parameters of these types (as format_type shows them). Errors:
/// malformed_write, where the text may not be put in.
result<std::string> probe_text(std::string_view sql, std::span<const std::string> parameter_types);

/// A piece of a function: its arguments and variables are the probe's arguments, by name, and so are NEW, OLD and the
/// TG_… of a trigger of `row` ("schema.table"; empty for functions that are called). The function is called as the
/// original one, so that names with it before a dot are found.
result<std::string> probe_text(const function_facts& of, const plpgsql_body& body, const plpgsql_piece& code,
                               const std::string& row);

/// The statements of a function in SQL whose body is a string.
result<plpgsql_body> read_sql_body(const std::string& source);

/// The source of code changes, or may change, what stays in a session and cannot be cleaned: settings of its own,
/// setseed, anything that is built at run time.
bool mentions_session(const std::string& source);

}  // namespace penholder::sql
