#pragma once

#include <penholder/options.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace penholder::cli {

/// One server of the ensemble, asked with ZooKeeper's own `srvr` word.
struct ensemble_server {
    std::string address;
    bool reached = false;
    std::string mode;  ///< leader, follower, observer or standalone; empty while it does not serve.
    std::string version;
    std::chrono::milliseconds latency{0};
    std::string why;  ///< Set where it does not serve.

    bool serves() const noexcept { return !mode.empty(); }
};

/// What a server answered to `srvr`. A server without a quorum, or one that does not allow the word, says so in words.
ensemble_server decode_srvr(const std::string& address, const std::string& answer);

/// Asks all servers of the ensemble at once, by TLS where it is spoken to so.
boost::asio::awaitable<std::vector<ensemble_server>> ask_servers(zookeeper_options which,
                                                                 std::chrono::milliseconds within);

}  // namespace penholder::cli
