#pragma once

#include "configuration.hpp"
#include "problems.hpp"
#include "table_reader.hpp"

namespace penholder::config {

/// Adds what the library's own rules (`check_options`) find in `settings.node`, with the place in the file,
/// and what is wrong with the tables that only the daemon has. What the reader has said about a key is not said twice.
void check(const configuration& settings, const table_reader& file, problems& found);

}  // namespace penholder::config
