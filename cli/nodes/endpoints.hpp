#pragma once

#include "model/address.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <vector>

namespace penholder::cli {

/// Where to connect to, found out within that time. Errors: link_lost (nobody knows the host).
boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>> endpoints_of(
    const address& where, std::chrono::milliseconds within);

}  // namespace penholder::cli
