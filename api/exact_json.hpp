#pragma once

#include <penholder/error.hpp>

#include <boost/json/value.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace penholder::api {

/// Parses JSON without touching its numbers: whatever does not fit a 64-bit integer stays the text that it was, so that
/// 0.1 and 12345678901234567890.123 reach the database as written. Errors: malformed_write, with the byte offset.
result<boost::json::value> parse_exactly(std::string_view text);

/// A value that is written as this text, which is JSON: a number digit for digit, or a whole document.
boost::json::value verbatim(std::string_view text);

/// True for such a value, and for a number that `parse_exactly` kept as text.
bool is_verbatim(const boost::json::value& value);

/// Its text. Requires `is_verbatim`.
std::string_view verbatim_text(const boost::json::value& value);

/// The value as JSON again, what is verbatim as it is; whole, or in pieces of bounded size.
std::string write_exactly(const boost::json::value& value);
void write_exactly(const boost::json::value& value, const std::function<void(std::string_view)>& into);

}  // namespace penholder::api
