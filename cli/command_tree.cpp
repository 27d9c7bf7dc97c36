#include "cli/command_tree.hpp"

#include <sstream>

namespace penholder::cli {
namespace {

// The choices stand in the type's name as "{table,json}".
std::vector<std::string> choices_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos) return {};
    std::vector<std::string> found;
    std::istringstream listed(type.substr(open + 1, close - open - 1));
    for (std::string each; std::getline(listed, each, ',');) found.push_back(each);
    return found;
}

bool takes_file(const CLI::Option& option) {
    return option.get_type_name().find("FILE") != std::string::npos;
}

flag_description description_of(const CLI::Option& option) {
    flag_description made;
    if (!option.get_lnames().empty()) made.long_name = option.get_lnames().front();
    if (!option.get_snames().empty()) made.short_name = option.get_snames().front();
    made.summary = option.get_description();
    made.takes_value = option.get_items_expected_max() > 0;
    made.takes_file = takes_file(option);
    made.choices = choices_of(option);
    return made;
}

}  // namespace

std::vector<flag_description> flags_of(const CLI::App& app) {
    std::vector<flag_description> found;
    for (const CLI::Option* each : app.get_options()) {
        if (!each->get_positional()) found.push_back(description_of(*each));
    }
    return found;
}

std::vector<command_description> all_commands(const CLI::App& app) {
    std::vector<command_description> found;
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
        command_description made;
        made.name = each->get_name();
        made.summary = each->get_description();
        made.flags = flags_of(*each);
        for (const CLI::Option* option : each->get_options()) {
            if (!option->get_positional()) continue;
            made.choices = choices_of(*option);
            made.takes_file = takes_file(*option);
        }
        found.push_back(std::move(made));
    }
    return found;
}

}  // namespace penholder::cli
