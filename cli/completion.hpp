#pragma once

#include <CLI/App.hpp>

#include <string>

namespace penholder::cli {

/// Shell scripts that complete the command's words. They are made from the tree of commands and flags itself, so that
/// they know every command there is.
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);
std::string fish_completion(const CLI::App& app);

}  // namespace penholder::cli
