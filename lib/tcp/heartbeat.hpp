#pragma once

#include <penholder/options.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace penholder::tcp {

class connection;

/// Asks the peer of a connection for a sign of life every ping_interval_ms, and cuts the connection where nothing at
/// all was heard for silence_timeout_ms. Owned by a link for as long as one connection is up; all calls on the
/// executor.
class heartbeat : public std::enable_shared_from_this<heartbeat> {
public:
    heartbeat(std::shared_ptr<connection> over, std::string peer, const link_options& settings);

    /// Beats once at once; called once.
    void start();

    /// The connection is not looked at any more.
    void stop();

private:
    void beat();

    std::shared_ptr<connection> over_;  ///< Until it is stopped.
    std::string peer_;
    int ping_interval_ms_;
    int silence_timeout_ms_;
    boost::asio::steady_timer timer_;
    std::uint64_t pings_ = 0;
};

}  // namespace penholder::tcp
