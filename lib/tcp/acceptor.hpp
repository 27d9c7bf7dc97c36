#pragma once

#include "model/address.hpp"
#include "transport.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace penholder::tcp {

/// The one accept loop, for whatever listens: a TCP port or a unix socket. It takes every connection that comes; how
/// many may be at once is for its owner to say. Where accepting fails, most likely because the process has no file
/// descriptor left, those who are connected go on, a line of the log says so, and the next one waits a little.
///
/// Owned by a server of one protocol; all calls on the executor.
class acceptor : public std::enable_shared_from_this<acceptor> {
public:
    /// Called on the executor for each connection, never after stop().
    using on_accept = std::function<void(stream_socket)>;

    /// Binds and listens. A name is looked up at once, which may block. A unix socket gets mode 0660; one that nobody
    /// listens on any more is replaced. Errors: invalid_argument, "cannot listen on …", where the address is in use or
    /// cannot be bound.
    static result<std::shared_ptr<acceptor>> bind(const boost::asio::any_io_executor& executor, const address& where);

    ~acceptor();
    acceptor(const acceptor&) = delete;
    acceptor& operator=(const acceptor&) = delete;

    /// Called once.
    void start(on_accept handler);

    /// Accepts no more, and removes the unix socket.
    void stop() noexcept;

    /// "127.0.0.1:7432", with the port that was really taken, or "unix:/path".
    const std::string& endpoint() const noexcept { return endpoint_; }

private:
    using tcp_acceptor = boost::asio::ip::tcp::acceptor;
    using unix_acceptor = boost::asio::local::stream_protocol::acceptor;

    acceptor(tcp_acceptor socket, std::string endpoint);
    acceptor(unix_acceptor socket, const std::string& path);

    static boost::asio::awaitable<void> run(std::shared_ptr<acceptor> self);
    boost::asio::awaitable<stream_socket> accept(boost::system::error_code& failed);
    bool is_open() const noexcept;
    void log_failure(const boost::system::error_code& why);

    std::variant<tcp_acceptor, unix_acceptor> socket_;
    std::string endpoint_;
    std::string unix_path_;  ///< Empty for TCP.
    on_accept handler_;
    std::uint64_t failures_ = 0;  ///< In a row.
};

}  // namespace penholder::tcp
