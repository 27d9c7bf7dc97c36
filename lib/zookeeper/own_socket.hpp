#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace penholder::zookeeper {

/// Whether this process itself is at the other end of a connection that it has accepted.
///
/// A connection of TCP is known by its two addresses, and while it stands no second one can have them. So its other end
/// is ours exactly if one of our own descriptors is a socket that is bound to the peer's address and connected to ours.
/// The kernel answers that for each of them; nothing that the peer says is asked.
bool is_of_this_process(const boost::asio::ip::tcp::socket& accepted);

}  // namespace penholder::zookeeper
