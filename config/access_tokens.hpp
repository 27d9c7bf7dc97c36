#pragma once

#include <string_view>
#include <vector>

namespace penholder::config {

/// A bearer token, and what the log calls whoever sends it. Views into the text that it was read from.
struct access_token {
    std::string_view name;  ///< Empty where the line has none.
    std::string_view value;

    friend bool operator==(const access_token&, const access_token&) = default;
};

/// The tokens of a key or of its file: one a line, "token" or "name token". Empty lines and those that begin with '#'
/// are skipped. Of a line of more than two words nothing is taken.
std::vector<access_token> access_tokens(std::string_view text);

/// The first line that holds no token and should, from 1; 0 where there is none.
int malformed_token_line(std::string_view text);

}  // namespace penholder::config
