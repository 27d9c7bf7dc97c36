#pragma once

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::tcp {

/// A connected socket, of TCP or local to this machine.
using stream_socket = boost::asio::generic::stream_protocol::socket;

/// A connected stream of bytes to one peer, and the only thing that a connection knows of the network: bytes as they
/// are, or sealed by TLS.
///
/// Owned by one connection, on whose executor all calls are made. At most one read and one write are under way at a
/// time; whoever began them keeps the transport alive until they have ended. After `close()` both end with an error.
class transport {
public:
    struct transferred {
        boost::system::error_code failed;
        std::size_t bytes = 0;
    };
    using on_written = std::function<void(const transferred&)>;

    transport() = default;
    virtual ~transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;

    virtual boost::asio::any_io_executor executor() = 0;

    /// Agrees with the peer on what protects the bytes, where something does. Awaited once, before anything is read or
    /// written; takes as long as the peer takes.
    virtual boost::asio::awaitable<boost::system::error_code> secure();

    /// Waits for bytes, at least one. An end that the peer made is the error asio::error::eof.
    virtual boost::asio::awaitable<transferred> read_some(boost::asio::mutable_buffer into) = 0;

    /// Sends all of `from`, which must live until `done` is called, on the executor and never before this returns.
    /// What can be sent without waiting is sent before this returns.
    virtual void write(boost::asio::const_buffer from, on_written done) = 0;

    /// Nothing more will be sent: the peer reads an end after what was written. Reading goes on.
    virtual void shutdown() noexcept = 0;

    /// Ends at once; what was not sent yet is lost.
    virtual void close() noexcept = 0;

    /// "host:port", or "-" where the peer has gone already.
    virtual std::string peer_address() const = 0;

    /// Why the peer is not believed, where that is what has failed; else nothing.
    virtual std::optional<error> refusal() const { return std::nullopt; }

    /// Whom the peer's certificate names; nothing where it has shown none. Once it is secure.
    virtual std::optional<std::vector<std::string>> peer_names() const { return std::nullopt; }
};

/// Bytes as they are.
std::unique_ptr<transport> make_plain_transport(stream_socket connected);

}  // namespace penholder::tcp
