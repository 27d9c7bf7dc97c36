#pragma once

#include <penholder/error.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace penholder::daemon {

/// Parses JSON without touching its numbers: whatever does not fit a 64-bit integer stays the text that it was, so that
/// 0.1 and 12345678901234567890.123 reach the database as written. Errors: malformed_write, with the byte offset.
result<boost::json::value> parse_exactly(std::string_view text);

/// True for a number that was kept as text.
bool is_number_text(const boost::json::value& value);

/// The number's own text. Requires `is_number_text`.
std::string_view number_text(const boost::json::value& value);

/// The value as JSON again, its numbers as they were written.
std::string write_exactly(const boost::json::value& value);

}  // namespace penholder::daemon
