#pragma once

#include <penholder/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
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

/// Shorter ones could be guessed.
inline constexpr std::size_t least_token_bytes = 16;

/// Why these are no tokens to be used, as the end of a sentence that begins with where they stand: a line that holds no
/// token and should, one that is too short, or none at all. Nothing where all are good. Never shows a token.
std::optional<std::string> token_problem(std::string_view text);

/// The tokens in a file. Errors: as of `read_secret`, and invalid_configuration where `token_problem` finds one.
result<std::string> read_tokens(const std::string& path);

}  // namespace penholder::config
