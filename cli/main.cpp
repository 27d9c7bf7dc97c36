#include "cli/run.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <unistd.h>

namespace {

bool wants_colour() {
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0') && !dumb;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    penholder::cli::terminal screen{std::cin, std::cout, std::cerr, isatty(STDIN_FILENO) == 1, wants_colour()};
    return static_cast<int>(penholder::cli::run({argv + 1, argv + argc}, screen));
}
