#pragma once

#include "model/address.hpp"

#include <penholder/error.hpp>

#include <string>
#include <string_view>

namespace penholder::cli {

/// Where a node's HTTP can be reached: "http://host:port", "host:port" or "unix:/path". An address that only listens
/// (0.0.0.0) is taken for this machine. Errors: invalid_argument.
result<address> parse_node_url(std::string_view text);

/// "http://host:port" or "unix:/path".
std::string url_text(const address& where);

}  // namespace penholder::cli
