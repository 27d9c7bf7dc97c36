#pragma once

#include "patience.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace penholder::testing {

/// What to run, and as whom.
struct process_options {
    std::vector<std::string> command{};      ///< The program (found in PATH where it has no slash) and its arguments.
    std::filesystem::path log_file{};        ///< stdout and stderr, appended; /dev/null where empty.
    std::string user{};                      ///< Only heeded when we are root; empty: as we are.
    std::vector<std::string> environment{};  ///< "NAME=value", besides what we have ourselves.
    std::filesystem::path directory{};       ///< Where it runs; empty: where we are.
};

/// A child process in a process group of its own. It ends with the object, and with the thread that started it, so no
/// test leaves a server behind. Not for use from two threads at once.
class process {
public:
    explicit process(process_options options);  ///< Throws std::system_error when it cannot run.
    ~process();                                 ///< SIGKILL to the whole group.
    process(process&& other) noexcept;
    process& operator=(process&& other) noexcept;

    pid_t pid() const noexcept { return pid_; }
    bool running();
    void send(
        int signal) const;  ///< SIGSTOP, SIGCONT, SIGTERM … to the process itself; nothing once it was waited for.
    void kill();            ///< SIGKILL to the group, and waits.

    /// The exit code, or 128 + the signal that ended it; nothing when it still runs after `most`.
    std::optional<int> wait(std::chrono::milliseconds most = limit::answer);

    /// Everything that the log file holds so far.
    std::string log() const;

private:
    process_options options_;
    pid_t pid_ = -1;
    std::optional<int> ended_;
};

/// Runs a command to its end and returns what it printed; throws std::runtime_error with that text when it fails.
std::string run(process_options options, std::chrono::milliseconds most = limit::crowd);

}  // namespace penholder::testing
