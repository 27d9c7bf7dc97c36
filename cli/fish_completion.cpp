#include "cli/command_tree.hpp"
#include "cli/completion.hpp"

#include <fmt/format.h>

namespace penholder::cli {
namespace {

std::string fish_quoted(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string flag_line(const flag_description& flag, const std::string& condition) {
    std::string text = "complete -c penholder" + condition;
    if (!flag.long_name.empty()) text += " -l " + flag.long_name;
    if (!flag.short_name.empty()) text += " -s " + flag.short_name;
    if (flag.takes_file) {
        text += " -r -F";
    } else if (!flag.choices.empty()) {
        text += fmt::format(" -x -a '{}'", fmt::join(flag.choices, " "));
    } else if (flag.takes_value) {
        text += " -x";
    }
    return text + " -d '" + fish_quoted(flag.summary) + "'\n";
}

std::string command_lines(const command_description& command) {
    std::string text = fmt::format("complete -c penholder -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                                   fish_quoted(command.summary));
    const std::string condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    if (!command.choices.empty()) {
        text += fmt::format("complete -c penholder{} -a '{}'\n", condition, fmt::join(command.choices, " "));
    }
    if (command.takes_file) text += "complete -c penholder" + condition + " -F\n";
    for (const flag_description& each : command.flags) text += flag_line(each, condition);
    return text;
}

}  // namespace

std::string fish_completion(const CLI::App& app) {
    std::string text =
        "# fish completion for penholder: keep it as ~/.config/fish/completions/penholder.fish\n"
        "complete -c penholder -f\n";
    for (const flag_description& each : flags_of(app)) text += flag_line(each, "");
    for (const command_description& each : all_commands(app)) text += command_lines(each);
    return text;
}

}  // namespace penholder::cli
