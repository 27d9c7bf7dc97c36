#pragma once

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <string_view>
#include <vector>

namespace penholder::cli {

/// A node's own words, as `GET /v1/status` gives them. Members that are missing keep their defaults, so that a command
/// of one release understands nodes of another. Errors: internal when it is no JSON object.
result<node_status> decode_node_status(std::string_view body);

/// As `GET /v1/groups/<group>/history` gives them. Errors as above.
result<std::vector<term_record>> decode_history(std::string_view body);

}  // namespace penholder::cli
