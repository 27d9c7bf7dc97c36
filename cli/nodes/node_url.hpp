#pragma once

#include "model/address.hpp"

#include <penholder/error.hpp>

#include <string>
#include <string_view>

namespace penholder::cli {

/// Where a node's HTTP can be reached, and whether by TLS.
struct node_url {
    address at;
    bool by_tls = false;
};

/// "http://host:port", "https://host:port", "host:port" or "unix:/path". An address that only listens (0.0.0.0) is
/// taken for this machine. Errors: invalid_argument.
result<node_url> parse_node_url(std::string_view text);

/// "http://host:port", "https://host:port" or "unix:/path".
std::string url_text(const node_url& where);

}  // namespace penholder::cli
