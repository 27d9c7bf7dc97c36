#include "daemon/process/command_line.hpp"

#include <penholder/version.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace penholder::daemon {

std::optional<command_line> read_command_line(int count, char** arguments, int& exit_code) {
    constexpr int wrong_usage = 2;
    command_line given;
    CLI::App app("penholderd: a Penholder node beside its service");
    app.add_option("--config,-c", given.config, "The configuration file; config/penholderd.toml documents every key")
        ->required();
    app.add_flag("--check-config", given.check_config, "Check the file, show the time-outs in force, and exit");
    app.set_version_flag("--version,-V", std::string("penholderd ") + version);
    try {
        app.parse(count, arguments);
        return given;
    } catch (const CLI::ParseError& thrown) {
        exit_code = app.exit(thrown) == 0 ? 0 : wrong_usage;
        return std::nullopt;
    }
}

}  // namespace penholder::daemon
