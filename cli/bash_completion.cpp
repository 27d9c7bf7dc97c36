#include "cli/command_tree.hpp"
#include "cli/completion.hpp"

#include <fmt/format.h>

namespace penholder::cli {
namespace {

std::string names(const std::vector<flag_description>& flags) {
    std::string text;
    for (const flag_description& each : flags) {
        if (!each.long_name.empty()) text += " --" + each.long_name;
        if (!each.short_name.empty()) text += " -" + each.short_name;
    }
    return text;
}

std::string pattern(const flag_description& flag) {
    const std::string both = flag.long_name.empty() || flag.short_name.empty() ? "" : "|";
    return (flag.long_name.empty() ? "" : "--" + flag.long_name) + both +
           (flag.short_name.empty() ? "" : "-" + flag.short_name);
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

// What follows a flag that takes a value.
std::string value_cases(const std::vector<flag_description>& flags) {
    std::string text;
    for (const flag_description& each : flags) {
        if (!each.takes_value) continue;
        std::string words = "COMPREPLY=()";
        if (!each.choices.empty())
            words = fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))", joined(each.choices));
        if (each.takes_file) words = "COMPREPLY=($(compgen -f -- \"$word\"))";
        text += fmt::format("        {}) {}; return ;;\n", pattern(each), words);
    }
    return text;
}

std::string words_case(const command_description& command, const std::string& common) {
    std::string words = names(command.flags) + common;
    if (!command.choices.empty()) words = " " + joined(command.choices) + words;
    const std::string files = command.takes_file ? " -f" : "";
    return fmt::format("        {}) COMPREPLY=($(compgen{} -W '{}' -- \"$word\")) ;;\n", command.name, files,
                       words.substr(1));
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    const auto common = flags_of(app);
    const auto commands = all_commands(app);
    std::string values = value_cases(common);
    std::string cases;
    std::string known;
    for (const command_description& each : commands) {
        values += value_cases(each.flags);
        cases += words_case(each, names(common));
        known += " " + each.name;
    }
    return fmt::format(R"(# bash completion for penholder: source it, or keep it in /etc/bash_completion.d/penholder
_penholder() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command='' each
    for each in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "{0} " in *" $each "*) command=$each; break ;; esac
    done
    case "$before" in
{1}    esac
    case "$command" in
{2}        *) COMPREPLY=($(compgen -W '{3}{4}' -- "$word")) ;;
    esac
}}
complete -F _penholder penholder
)",
                       known, values, cases, known.substr(1), names(common));
}

}  // namespace penholder::cli
