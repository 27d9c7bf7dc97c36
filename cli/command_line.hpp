#pragma once

#include "cli/arguments.hpp"
#include "cli/invocation.hpp"

#include <CLI/App.hpp>

#include <memory>
#include <string>
#include <vector>

namespace penholder::cli {

/// The tree of commands and flags, and what was chosen from it. Owned by `run`.
class command_line {
public:
    command_line();
    command_line(const command_line&) = delete;
    command_line& operator=(const command_line&) = delete;

    enum class needs { sources, nothing };

    /// A command; its own flags are added to what this returns. One that needs nothing runs even where the
    /// configuration file that other commands would read is broken.
    CLI::App& add(const std::string& name, const std::string& summary, action does, needs what = needs::sources);

    /// Throws `CLI::ParseError` for help, version and usage errors.
    void parse(std::vector<std::string> words);

    /// After `parse` has thrown: that the first word names no command, where that is why.
    std::optional<std::string> unknown_command() const;

    CLI::App& app() noexcept { return app_; }
    const CLI::App& app() const noexcept { return app_; }
    const arguments& asked() const noexcept { return asked_; }
    const action& chosen() const noexcept { return chosen_; }
    bool needs_sources() const noexcept { return needs_sources_; }

private:
    void add_node_addresses();
    void add_common_flags();

    CLI::App app_;
    arguments asked_;
    action chosen_;
    bool needs_sources_ = true;
};

/// A flag that takes a duration.
CLI::Option* add_duration(CLI::App& to, const std::string& names, std::function<void(std::chrono::milliseconds)> take,
                          const std::string& summary);

}  // namespace penholder::cli
