#include "substitution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace penholder::config {
namespace {

bool is_variable_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

result<std::string> value_of(std::string_view name, const environment& variables) {
    if (!is_variable_name(name)) {
        return error{errc::invalid_configuration,
                     fmt::format("'${{{}}}' names no environment variable; write '$${{' for a plain '${{'", name)};
    }
    if (auto value = variables(std::string(name))) return *std::move(value);
    return error{
        errc::invalid_configuration,
        fmt::format("the environment variable {} is not set; set it, or write '$${{' for a plain '${{'", name)};
}

}  // namespace

environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    };
}

result<std::string> substitute(std::string_view text, const environment& variables) {
    std::string replaced;
    for (auto open = text.find("${"); open != std::string_view::npos; open = text.find("${")) {
        if (open > 0 && text[open - 1] == '$') {
            replaced.append(text.substr(0, open - 1)).append("${");
            text.remove_prefix(open + 2);
            continue;
        }
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) {
            return error{errc::invalid_configuration, "a '${' is never closed by '}'"};
        }
        auto value = value_of(text.substr(open + 2, close - open - 2), variables);
        if (!value) return value.error();
        replaced.append(text.substr(0, open)).append(*value);
        text.remove_prefix(close + 1);
    }
    return replaced.append(text);
}

}  // namespace penholder::config
