#pragma once

#include <string_view>

namespace penholder::sql {

/// What to do about an error of PostgreSQL's that gives no hint of its own, by its SQLSTATE: for those that a first
/// statement often meets. Empty for the others, whose messages say it better.
std::string_view advice(std::string_view sqlstate) noexcept;

/// What to do about an error of PostgreSQL's that met a command of Penholder's own, or a connection, and so keeps
/// writes waiting whatever they say. Empty where nothing but time helps.
std::string_view server_advice(std::string_view sqlstate) noexcept;

}  // namespace penholder::sql
