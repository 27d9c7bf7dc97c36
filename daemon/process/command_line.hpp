#pragma once

#include <optional>
#include <string>

namespace penholder::daemon {

/// What penholderd was started with.
struct command_line {
    std::string config;
    bool check_config = false;
};

/// Reads the arguments. Where there is nothing to run (help, version, a mistake), it has told the user and set
/// `exit_code`: 0, or 2 for wrong usage.
std::optional<command_line> read_command_line(int count, char** arguments, int& exit_code);

}  // namespace penholder::daemon
