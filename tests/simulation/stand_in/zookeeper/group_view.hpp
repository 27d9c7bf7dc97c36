#pragma once

#include "model/ids.hpp"
#include "zookeeper/session.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>

namespace penholder::zookeeper {

/// Operators' requests reach `control` by the world's own hand in the simulation, so nobody asks by these.
inline boost::asio::awaitable<result<term>> request_handover(session&, std::string, std::string, std::string,
                                                             term = {}) {
    co_return error{errc::refused, "the simulation writes requests itself"};
}

inline boost::asio::awaitable<result<>> request_pause(session&, std::string, std::string, bool) {
    co_return error{errc::refused, "the simulation writes requests itself"};
}

}  // namespace penholder::zookeeper
