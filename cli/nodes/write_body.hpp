#pragma once

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::cli {

/// The body of a write of one statement. A parameter `\N` is SQL's NULL, as in COPY.
std::string write_body(const std::string& sql, const std::vector<std::string>& params,
                       std::optional<std::uint64_t> expect_rows, std::chrono::milliseconds deadline);

/// The body of a write from JSON that somebody typed: the whole body, or only its array of statements. The deadline is
/// added where the body has none. Errors: invalid_argument.
result<std::string> write_body_from_json(std::string_view text, std::chrono::milliseconds deadline);

}  // namespace penholder::cli
