#pragma once

#include "configuration.hpp"

namespace penholder::config {

/// Replaces every `${NAME}` by the variable's value; `$${` stands for a plain `${`. Errors: invalid_configuration for a
/// variable that is not set, a bad name, or a brace that never closes.
result<std::string> substitute(std::string_view text, const environment& variables);

}  // namespace penholder::config
