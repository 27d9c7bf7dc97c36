#include "cli/commands/confirmation.hpp"

#include "base/printable.hpp"

#include <istream>
#include <ostream>

namespace penholder::cli {

void add_yes(CLI::App& command, bool& sure) {
    command.add_flag("-y,--yes", sure, "Do not ask before");
}

result<> confirm(invocation& run, bool sure, const std::string& command, const std::string& question) {
    if (sure) return {};
    if (!run.screen.asks) {
        return error{errc::invalid_argument, command +
                                                 " asks before it changes anything, and there is nobody to ask: repeat "
                                                 "it with --yes"};
    }
    run.screen.err << printable(question) << "? [y/N] " << std::flush;
    std::string answer;
    std::getline(run.screen.in, answer);
    if (answer == "y" || answer == "yes") return {};
    return error{errc::refused, "not confirmed; nothing was changed"};
}

}  // namespace penholder::cli
