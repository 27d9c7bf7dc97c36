#include "cli/words.hpp"

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

flag_words words_of(const CLI::Option& option) {
    flag_words words;
    if (!option.get_lnames().empty()) words.long_name = option.get_lnames().front();
    if (!option.get_snames().empty()) words.short_name = option.get_snames().front();
    words.summary = option.get_description();
    words.takes_value = option.get_items_expected_max() > 0;
    words.takes_file = takes_file(option);
    words.choices = choices_of(option);
    return words;
}

}  // namespace

std::vector<flag_words> common_words(const CLI::App& app) {
    std::vector<flag_words> found;
    for (const CLI::Option* each : app.get_options()) {
        if (!each->get_positional()) found.push_back(words_of(*each));
    }
    return found;
}

std::vector<command_words> all_commands(const CLI::App& app) {
    std::vector<command_words> found;
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
        command_words words;
        words.name = each->get_name();
        words.summary = each->get_description();
        words.flags = common_words(*each);
        for (const CLI::Option* option : each->get_options()) {
            if (!option->get_positional()) continue;
            words.choices = choices_of(*option);
            words.takes_file = takes_file(*option);
        }
        found.push_back(std::move(words));
    }
    return found;
}

}  // namespace penholder::cli
