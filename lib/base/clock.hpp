#pragma once

#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace penholder {

/// The clock and the timer of whatever runs on a node's strand and decides by time. They have a header of their own so
/// that the simulation can put virtual ones in their place.
using steady_clock = std::chrono::steady_clock;
using steady_timer = boost::asio::steady_timer;

}  // namespace penholder
