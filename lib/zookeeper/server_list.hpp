#pragma once

#include "model/address.hpp"
#include "names/address_book.hpp"

#include <penholder/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::zookeeper {

/// The ensemble's servers for the client library, which would look names up on the thread that keeps the session alive,
/// with each of its turns: so it is given numbers only.
struct server_list {
    std::string text;            ///< In an order of its own, so that equal servers are equal texts.
    std::vector<error> unknown;  ///< Servers that are left out, since nobody knows their addresses.

    friend bool operator==(const server_list& one, const server_list& other) { return one.text == other.text; }
};

/// The servers of "host:port,host:port", in their order. Errors: invalid_argument.
result<std::vector<address>> parse_servers(std::string_view hosts);

/// `found` has what each server's host stands for, in the order of `servers`. Errors: ensemble_unreachable (none of
/// them is known).
result<server_list> list_servers(const std::vector<address>& servers,
                                 const std::vector<names::address_book::answer>& found);

/// The relay's, which stand for the servers in their order.
server_list list_servers(const std::vector<boost::asio::ip::tcp::endpoint>& listeners);

/// Looks the servers of `hosts` up: "host:port,host:port". Blocks, for `names::patience` at the longest. Errors:
/// invalid_argument, ensemble_unreachable.
result<server_list> look_up_servers(const std::string& hosts, names::address_book& book);

}  // namespace penholder::zookeeper
