#pragma once

#include "resources.hpp"

namespace penholder::daemon {

/// The status of one group. Throws `exception` (unknown_group) where the node is not in it.
boost::asio::awaitable<group_status> group_view(node& pen, std::string group);

}  // namespace penholder::daemon
