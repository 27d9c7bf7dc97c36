#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace penholder::cli {

/// One flag as a completion script needs to know it.
struct flag_description {
    std::string long_name;   ///< Without dashes; may be empty.
    std::string short_name;  ///< Without dash; may be empty.
    std::string summary;
    bool takes_value = false;
    bool takes_file = false;
    std::vector<std::string> choices;
};

/// One command and what may follow it.
struct command_description {
    std::string name;
    std::string summary;
    std::vector<flag_description> flags;
    std::vector<std::string> choices;  ///< Of its positional word.
    bool takes_file = false;
};

/// The flags that every command takes.
std::vector<flag_description> flags_of(const CLI::App& app);
std::vector<command_description> all_commands(const CLI::App& app);

}  // namespace penholder::cli
