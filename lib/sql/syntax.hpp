#pragma once

#include <penholder/error.hpp>

#include <optional>
#include <string>

namespace penholder::sql {

/// What PostgreSQL's own grammar says of a text that is no SQL, as it would have answered: statement_failed with the
/// SQLSTATE and the place; nothing where the text is a statement, or too long to be looked at.
std::optional<error> syntax_error_in(const std::string& sql);

}  // namespace penholder::sql
