#include "access_tokens.hpp"

#include "secret_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace penholder::config {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const auto word = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(word.size());
    return word;
}

struct read_line {
    access_token token;
    bool is_malformed = false;
};

read_line read(std::string_view line) {
    const auto first = take_word(line);
    const auto second = take_word(line);
    if (first.starts_with('#')) return {};
    if (!take_word(line).empty()) return {{}, true};
    return {second.empty() ? access_token{{}, first} : access_token{first, second}, false};
}

/// Calls `take(read_line)` for each line, until it answers true.
template <class Take>
void each_line(std::string_view text, Take take) {
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        if (take(read(line))) return;
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
}

}  // namespace

std::vector<access_token> access_tokens(std::string_view text) {
    std::vector<access_token> found;
    each_line(text, [&](const read_line& line) {
        if (!line.token.value.empty()) found.push_back(line.token);
        return false;
    });
    return found;
}

std::optional<std::string> token_problem(std::string_view text) {
    int number = 0;
    bool has_one = false;
    std::optional<std::string> found;
    each_line(text, [&](const read_line& line) {
        ++number;
        const auto bytes = line.token.value.size();
        has_one = has_one || bytes > 0;
        if (line.is_malformed) {
            found = fmt::format(", line {}: expected a token, or a name and a token", number);
        } else if (bytes > 0 && bytes < least_token_bytes) {
            found = fmt::format(
                ", line {}: a token of {} bytes can be guessed; {} are the least, and `openssl rand -hex "
                "16` makes a good one",
                number, bytes, least_token_bytes);
        }
        return found.has_value();
    });
    if (!found && !has_one) return " has no token in it; write one a line";
    return found;
}

result<std::string> read_tokens(const std::string& path) {
    auto text = read_secret(path);
    if (!text) return text;
    if (const auto problem = token_problem(*text)) {
        return error{errc::invalid_configuration, fmt::format("the file '{}'{}", path, *problem)};
    }
    return text;
}

}  // namespace penholder::config
