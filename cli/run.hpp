#pragma once

#include "api/exit_code.hpp"
#include "cli/terminal.hpp"
#include "config/configuration.hpp"

#include <string>
#include <vector>

namespace penholder::cli {

using api::exit_code;

/// The whole command, from the words after its name to the exit code. Blocks until done; throws nothing.
exit_code run(const std::vector<std::string>& words, terminal& screen,
              const config::environment& variables = config::process_environment());

}  // namespace penholder::cli
