#pragma once

#include <string>
#include <vector>

namespace penholder::postgres {

/// The SQL of deploy/schema in order: step N leads from version N to version N+1.
const std::vector<std::string>& schema_steps();

}  // namespace penholder::postgres
