#pragma once

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace penholder::zookeeper {

class session;

/// The root and a group's znodes to which anybody may write, as their ACLs say. Errors: as of `read_group`.
boost::asio::awaitable<result<std::vector<std::string>>> open_znodes(session& with, std::string root,
                                                                     std::string group);

}  // namespace penholder::zookeeper
