#pragma once

#include "cli/invocation.hpp"

#include <penholder/error.hpp>

#include <CLI/App.hpp>

#include <string>

namespace penholder::cli {

/// The flag that answers the question of `confirm` beforehand; `sure` has to outlive the command.
void add_yes(CLI::App& command, bool& sure);

/// Asks before something is changed that cannot be taken back; `sure` where --yes said so. Errors: invalid_argument
/// where there is nobody to ask, refused where the answer is no.
result<> confirm(invocation& run, bool sure, const std::string& command, const std::string& question);

}  // namespace penholder::cli
