#pragma once

#include "tcp/transport.hpp"
#include "tls/credentials.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace penholder::daemon {

/// A client's connection, plain or by TLS: what Beast reads from and writes to. Each operation ends with an error when
/// its time is over. Owned by a session, on whose executor all calls are made.
class client_stream {
public:
    using executor_type = boost::asio::any_io_executor;
    using timed_stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol, executor_type>;

    /// By TLS where there is something to go by.
    client_stream(tcp::stream_socket connected, std::shared_ptr<tls::credentials> by);

    executor_type get_executor() noexcept { return below_.get_executor(); }

    /// How it began.
    enum class beginning {
        agreed,   ///< Bytes can be read and written.
        not_tls,  ///< It speaks no TLS though it should; it can be answered as it is, once, and `read` holds what came.
        abandoned,  ///< The peer has gone, or does not believe us, or is not believed.
    };

    /// Agrees on TLS where that is spoken. To be awaited once, before anything is read or written.
    boost::asio::awaitable<beginning> begin(boost::beast::flat_buffer& read);

    /// Why TLS was not agreed on, for people; empty where the peer has only gone.
    const std::string& refusal() const noexcept { return refusal_; }

    /// Tells the peer that this is the end, where TLS has a word for it.
    boost::asio::awaitable<void> end();

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto done, const Buffers& buffers) {
                if (sealed_) return sealed_->async_read_some(buffers, std::move(done));
                below_.async_read_some(buffers, std::move(done));
            },
            token, into);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& from, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto done, const Buffers& buffers) {
                if (sealed_) return sealed_->async_write_some(buffers, std::move(done));
                below_.async_write_some(buffers, std::move(done));
            },
            token, from);
    }

    /// The connection itself, whose time-outs are those of all operations.
    timed_stream& below() noexcept { return below_; }

private:
    timed_stream below_;
    std::shared_ptr<tls::credentials> by_;
    std::optional<boost::asio::ssl::stream<timed_stream&>> sealed_;  ///< Nothing: plain.
    std::string refusal_;
};

}  // namespace penholder::daemon
