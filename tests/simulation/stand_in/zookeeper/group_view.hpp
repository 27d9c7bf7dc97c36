#pragma once

#include "zookeeper/session.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace penholder::zookeeper {

/// Operators' wishes reach `control` by the world's own hand in the simulation, so nobody asks by these.
inline boost::asio::awaitable<result<std::uint64_t>> request_handover(session&, std::string, std::string, std::string,
                                                                      std::uint64_t = 0) {
    co_return error{errc::refused, "the simulation writes wishes itself"};
}

inline boost::asio::awaitable<result<>> request_pause(session&, std::string, std::string, bool) {
    co_return error{errc::refused, "the simulation writes wishes itself"};
}

}  // namespace penholder::zookeeper
