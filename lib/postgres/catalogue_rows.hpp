#pragma once

#include "sql/catalogue_facts.hpp"

#include <string_view>

namespace penholder::postgres {

// The rows of catalogue_queries.hpp as facts. Throw std::exception where a row is not as the query makes it.

sql::relation_facts relation_of(std::string_view json);
sql::function_facts function_of(std::string_view json);
sql::operator_facts operator_of(std::string_view json);
sql::type_facts type_of(std::string_view json);
sql::database_facts database_of(std::string_view json);

}  // namespace penholder::postgres
