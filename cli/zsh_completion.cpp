#include "cli/command_tree.hpp"
#include "cli/completion.hpp"

#include <fmt/format.h>

namespace penholder::cli {
namespace {

// A text inside '…[text]': brackets, colons and quotes mean something to _arguments.
std::string zsh_quoted(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
            out += c;
        }
    }
    return out;
}

std::string value_of(const flag_description& flag) {
    if (!flag.takes_value) return "";
    if (flag.takes_file) return ":file:_files";
    if (!flag.choices.empty()) return fmt::format(":{}:({})", flag.long_name, fmt::join(flag.choices, " "));
    return ":" + flag.long_name + ":";
}

std::string argument_lines(const std::vector<flag_description>& flags) {
    std::string text;
    for (const flag_description& each : flags) {
        const std::string rest = "[" + zsh_quoted(each.summary) + "]" + value_of(each) + "'";
        if (!each.long_name.empty()) text += " \\\n            '--" + each.long_name + rest;
        if (!each.short_name.empty()) text += " \\\n            '-" + each.short_name + rest;
    }
    return text;
}

std::string arguments_case(const command_description& command, const std::string& common) {
    std::string words;
    if (!command.choices.empty())
        words = fmt::format(" \\\n            '1:word:({})'", fmt::join(command.choices, " "));
    if (command.takes_file) words = " \\\n            '1:file:_files'";
    return fmt::format("        {}) _arguments{}{}{} ;;\n", command.name, argument_lines(command.flags), common, words);
}

}  // namespace

std::string zsh_completion(const CLI::App& app) {
    const std::string common = argument_lines(flags_of(app));
    std::string described;
    std::string cases;
    for (const command_description& each : all_commands(app)) {
        described += fmt::format("        '{}:{}'\n", each.name, zsh_quoted(each.summary));
        cases += arguments_case(each, common);
    }
    return fmt::format(R"(#compdef penholder
# zsh completion for penholder: keep it as _penholder in a folder of $fpath
_penholder() {{
    local context state line
    typeset -A opt_args
    local -a commands
    commands=(
{0}    )
    _arguments -C{1} \
        '1:command:->command' '*::words:->words'
    case $state in
    command) _describe command commands ;;
    words)
        case $line[1] in
{2}        esac ;;
    esac
}}
_penholder "$@"
)",
                       described, common, cases);
}

}  // namespace penholder::cli
