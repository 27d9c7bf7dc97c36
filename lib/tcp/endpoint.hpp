#pragma once

#include "model/address.hpp"
#include "transport.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::tcp {

/// "host:port", an IPv6 address in brackets; "unix:/path", or "unix:" for a socket without a name.
std::string to_string(const stream_socket::endpoint_type& where);

/// The address to bind. A name is looked up at once, which may block. Errors: invalid_argument.
result<boost::asio::ip::tcp::endpoint> local_endpoint(const address& where);

/// The addresses to connect to, by `names::patience` as they were last known. Errors: invalid_argument, link_lost
/// (unknown host).
boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>> remote_endpoints(std::string text);

}  // namespace penholder::tcp
