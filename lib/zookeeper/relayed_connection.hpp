#pragma once

#include "model/address.hpp"
#include "relay_tally.hpp"
#include "tls/credentials.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace penholder::zookeeper {

/// How long the relay waits for what.
struct relay_patience {
    std::chrono::milliseconds connect{};  ///< Until TLS is agreed on with the server.
    std::chrono::milliseconds stall{};    ///< For an end to take what the other has sent.
    std::chrono::milliseconds linger{};   ///< For an end to close, once the other has.
};

/// One connection of libzookeeper's, and the one by TLS that it stands for. Bytes go both ways as they come, never more
/// than one buffer of them ahead of who takes them. Made by the relay and kept alive by its own coroutines; on the
/// relay's thread.
class relayed_connection : public std::enable_shared_from_this<relayed_connection> {
public:
    /// `attempt` chooses the address that is tried first, where the server's name stands for several.
    relayed_connection(boost::asio::ip::tcp::socket client, std::shared_ptr<tls::credentials> by,
                       relay_patience patience, relay_tally& tally);

    /// Until both ends are closed.
    boost::asio::awaitable<void> run(address server, std::size_t attempt);

private:
    using stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
    using error_code = boost::system::error_code;

    void expect_name(const std::string& host);
    boost::asio::awaitable<bool> connect(address server, std::size_t attempt);
    boost::asio::awaitable<error_code> reach(std::vector<boost::asio::ip::tcp::endpoint> those);
    boost::asio::awaitable<void> send();
    boost::asio::awaitable<void> receive();
    void said_nothing(const error_code& why);
    void ended(boost::asio::ip::tcp::socket& other);
    void close_after(boost::asio::steady_timer& timer, std::chrono::milliseconds time);
    void close();
    void refuse(relay_refusal::cause why, std::string message);

    boost::asio::ip::tcp::socket client_;
    std::shared_ptr<tls::credentials> by_;
    stream server_;
    relay_patience patience_;
    relay_tally& tally_;
    boost::asio::steady_timer deadline_;  ///< Of what concerns both directions.
    std::vector<std::string> names_;      ///< In the server's certificate, where it is refused.
    bool has_timed_out_ = false;
    bool has_heard_ = false;  ///< The server has said something.
    bool is_half_closed_ = false;
};

}  // namespace penholder::zookeeper
