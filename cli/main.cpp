#include "cli/run.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

bool wants_colour() {
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0') && !dumb;
}

/// Everybody on this machine can read a process's arguments, and a connection string may hold a password.
void hide_connection_strings(int argc, char** argv) {
    constexpr std::string_view flag = "--database";
    for (int at = 1; at < argc; ++at) {
        const std::string_view given = argv[at];
        if (given == flag && at + 1 < argc) std::memset(argv[at + 1], '*', std::strlen(argv[at + 1]));
        if (given.starts_with(std::string(flag) + "=")) {
            std::memset(argv[at] + flag.size() + 1, '*', given.size() - flag.size() - 1);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + 1, argv + argc);
    hide_connection_strings(argc, argv);
    penholder::cli::terminal screen{std::cin, std::cout, std::cerr, isatty(STDIN_FILENO) == 1, wants_colour()};
    return static_cast<int>(penholder::cli::run(words, screen));
}
