#pragma once

#include "model/address.hpp"
#include "relay_tally.hpp"
#include "relayed_connection.hpp"
#include "tls/credentials.hpp"
#include "tls/file_watch.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace penholder::zookeeper {

/// Stands between libzookeeper, which has no TLS, and an ensemble that speaks it. For each server of
/// `zookeeper_options::hosts` there is one listener on loopback; what connects to it is led to that server by TLS,
/// whose certificate has to be for its host. Only connections of this process are: another's is closed before a byte of
/// it is read.
///
/// It has a thread of its own, so that a node whose strand is busy loses no session. The files of certificates are read
/// every two seconds and when it is asked to, on another thread; connections that begin use what has changed. Owned by
/// a session, which closes its handles first. All public calls on any thread.
class relay {
public:
    /// Blocks as reading files does. Errors: invalid_configuration (a file cannot be used), invalid_argument (hosts),
    /// ensemble_unreachable (there is no port to be had).
    static result<std::shared_ptr<relay>> open(const zookeeper_options& to);
    ~relay();
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;

    /// The listeners, each for the server in its place.
    const std::vector<boost::asio::ip::tcp::endpoint>& listeners() const noexcept { return listeners_; }

    /// Reads the files now.
    void look_again();

    std::vector<ensemble_server_status> servers() const;

    /// Which servers are refused and why, for people; nothing where that is the network's fault, or nobody's.
    std::optional<std::string> refusal() const;

    /// Whether, not long ago, a server took a connection and closed it without an answer.
    bool was_hung_up_on() const;

    /// Until the certificate ends that servers are shown; nothing without one.
    std::optional<std::chrono::seconds> certificate_ends_in() const;

private:
    using tcp = boost::asio::ip::tcp;

    explicit relay(const zookeeper_options& to);
    result<> start();
    result<tcp::acceptor> listen();
    boost::asio::awaitable<void> accept(tcp::acceptor at, std::size_t server);
    void accepted(tcp::socket one, std::size_t server);
    result<tls::file_watch::end> adopt(const tls::texts& read, const tls::file_keys& keys);

    relay_patience patience_;
    std::vector<address> servers_;
    std::deque<relay_tally> tallies_;
    std::vector<tcp::endpoint> listeners_;
    std::shared_ptr<tls::credentials> credentials_;  ///< On the relay's thread, once that runs.
    std::size_t attempts_ = 0;
    boost::asio::thread_pool reader_{1};
    boost::asio::io_context io_{1};  ///< Destroyed first, with all that is under way.
    std::shared_ptr<tls::file_watch> files_;
    std::thread thread_;
};

}  // namespace penholder::zookeeper
