#pragma once

#include "model/address.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <optional>
#include <string>
#include <variant>

namespace penholder::daemon {

using stream_socket = boost::asio::generic::stream_protocol::socket;

/// The listening address of HTTP: a TCP port or a unix socket. Owned by `http_server`; used on the daemon's one thread.
class acceptor {
public:
    /// Binds and listens. A unix socket gets mode 0660; one that nobody listens on any more is replaced. Errors:
    /// invalid_argument where the address is in use or cannot be bound.
    static result<acceptor> open(const boost::asio::any_io_executor& executor, const address& at);

    acceptor(acceptor&&) = default;
    acceptor& operator=(acceptor&&) = delete;
    ~acceptor();

    boost::asio::awaitable<stream_socket> accept();

    /// Accepts no more, and removes the unix socket.
    void close();

    /// "127.0.0.1:7432", with the port that was really taken, or "unix:/path".
    std::string endpoint() const;

private:
    using tcp_acceptor = boost::asio::ip::tcp::acceptor;
    using unix_acceptor = boost::asio::local::stream_protocol::acceptor;

    explicit acceptor(tcp_acceptor inner) : acceptor_(std::move(inner)) {}
    acceptor(unix_acceptor inner, std::string path) : acceptor_(std::move(inner)), path_(std::move(path)) {}

    static result<acceptor> open_tcp(const boost::asio::any_io_executor& executor, const address& at);
    static result<acceptor> open_unix(const boost::asio::any_io_executor& executor, const std::string& path);

    std::variant<tcp_acceptor, unix_acceptor> acceptor_;
    std::string path_;
};

}  // namespace penholder::daemon
