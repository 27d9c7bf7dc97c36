#include "cli/completion.hpp"

#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"

#include <boost/json/object.hpp>

namespace penholder::cli {
namespace {

document describe_script(const std::string& shell, std::string script) {
    document made;
    made.data = {{"shell", shell}, {"script", script}};
    made.columns = {{"shell"}, {"script"}};
    made.sections.push_back({{}, {{shell, script}}});
    made.text = std::move(script);
    return made;
}

std::string script_for(const std::string& shell, const CLI::App& app) {
    if (shell == "bash") return bash_completion(app);
    return shell == "zsh" ? zsh_completion(app) : fish_completion(app);
}

boost::asio::awaitable<result<exit_code>> completion(invocation& run, const CLI::App& app, std::string shell) {
    run.print.print(describe_script(shell, script_for(shell, app)));
    co_return exit_code::done;
}

}  // namespace

void add_completion(command_line& to) {
    const auto shell = std::make_shared<std::string>();
    action print = [shell, &app = to.app()](invocation& run) { return completion(run, app, *shell); };
    auto& command = to.add("completion", "A script that completes this command's words in bash, zsh or fish",
                           std::move(print), command_line::needs::nothing);
    command.add_option("shell", *shell, "For which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}).description("{bash,zsh,fish}"));
}

}  // namespace penholder::cli
