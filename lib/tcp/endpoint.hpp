#pragma once

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::tcp {

/// "host:port", where host may be a name, an IPv4 address, or an IPv6 address in brackets.
struct host_and_port {
    std::string host;
    std::string port;
};

/// Errors: invalid_argument.
result<host_and_port> parse_endpoint(std::string_view text);

std::string to_string(const boost::asio::ip::tcp::endpoint& where);

/// The address to bind. A name is looked up at once, which may block. Errors: invalid_argument.
result<boost::asio::ip::tcp::endpoint> local_endpoint(std::string_view text);

/// The addresses to connect to. Numeric ones need no lookup. Errors: invalid_argument, link_lost (unknown host).
boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>> remote_endpoints(std::string text);

}  // namespace penholder::tcp
