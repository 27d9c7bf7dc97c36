#pragma once

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace penholder::api {

/// PostgreSQL's text of an array as nested JSON arrays, NULL as null; bounds before it are left out. `element` makes a
/// value of each element. Nothing where the text is no array's.
std::optional<boost::json::value> read_array_text(std::string_view text, char delimiter,
                                                  const std::function<boost::json::value(std::string_view)>& element);

}  // namespace penholder::api
