#include "relayed_connection.hpp"

#include "names/address_book.hpp"
#include "tls/certificate.hpp"
#include "tls/context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <utility>

namespace penholder::zookeeper {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
using buffer = std::array<char, 16 * 1024>;

void hurry(tcp::socket& what) {
    boost::system::error_code ignored;
    what.set_option(tcp::no_delay(true), ignored);
}

}  // namespace

relayed_connection::relayed_connection(tcp::socket client, std::shared_ptr<tls::credentials> by,
                                       relay_patience patience, relay_tally& tally)
    : client_(std::move(client)),
      by_(std::move(by)),
      server_(client_.get_executor(), by_->context()),
      patience_(patience),
      tally_(tally),
      deadline_(client_.get_executor()) {
    hurry(client_);
}

asio::awaitable<void> relayed_connection::run(address server, std::size_t attempt) {
    const auto self = shared_from_this();
    close_after(deadline_, patience_.connect);
    const bool made = co_await connect(std::move(server), attempt);
    deadline_.cancel();
    if (!made) co_return close();
    tally_.connected();
    hurry(server_.next_layer());
    asio::co_spawn(client_.get_executor(), receive(), asio::detached);
    co_await send();
}

/// The name that the server is configured by is the one that its certificate has to have.
void relayed_connection::expect_name(const std::string& host) {
    tls::expect_host(server_.native_handle(), host);
    server_.set_verify_callback([this](bool is_good, asio::ssl::verify_context& about) {
        const auto* shown = X509_STORE_CTX_get0_cert(about.native_handle());
        if (!is_good && shown != nullptr) names_ = tls::names_in(*shown);
        return is_good;
    });
}

asio::awaitable<bool> relayed_connection::connect(address server, std::size_t attempt) {
    const auto host = server.host;
    auto found = co_await names::address_book::of_process().look_up(host, names::patience);
    if (!found) {
        refuse(relay_refusal::cause::unreachable, found.error().message);
        co_return false;
    }
    std::ranges::rotate(*found, found->begin() + static_cast<std::ptrdiff_t>(attempt % found->size()));
    std::vector<tcp::endpoint> those;
    for (const auto& each : *found) those.emplace_back(each, server.port);
    if (const auto failed = co_await reach(std::move(those)); failed) {
        refuse(relay_refusal::cause::unreachable,
               has_timed_out_ ? std::string("it does not answer") : failed.message());
        co_return false;
    }
    expect_name(host);
    const auto [failed] = co_await server_.async_handshake(stream::client, quietly);
    if (!failed) co_return true;
    if (has_timed_out_) {
        refuse(relay_refusal::cause::timeout,
               "it did not agree on TLS in time; see that it is not overloaded, and "
               "that this is its secureClientPort");
        co_return false;
    }
    const failed_handshake what{failed, SSL_get_verify_result(server_.native_handle()), names_, by_->has_certificate()};
    tally_.refused(explain(what, host));
    co_return false;
}

asio::awaitable<boost::system::error_code> relayed_connection::reach(std::vector<tcp::endpoint> those) {
    const auto [failed, where] = co_await asio::async_connect(server_.next_layer(), those, quietly);
    if (has_timed_out_) co_return asio::error::timed_out;
    co_return failed;
}

asio::awaitable<void> relayed_connection::send() {
    const auto self = shared_from_this();
    asio::steady_timer stall(client_.get_executor());
    const auto data = std::make_unique<buffer>();
    for (;;) {
        const auto [ended_by, bytes] = co_await client_.async_read_some(asio::buffer(*data), quietly);
        if (ended_by) break;
        close_after(stall, patience_.stall);
        const auto [failed, written] = co_await asio::async_write(server_, asio::buffer(*data, bytes), quietly);
        stall.cancel();
        if (failed) co_return close();
        tally_.sent(bytes);
    }
    ended(server_.next_layer());
}

asio::awaitable<void> relayed_connection::receive() {
    const auto self = shared_from_this();
    asio::steady_timer stall(client_.get_executor());
    const auto data = std::make_unique<buffer>();
    for (;;) {
        const auto [ended_by, bytes] = co_await server_.async_read_some(asio::buffer(*data), quietly);
        if (ended_by) {
            if (!has_heard_ && !is_half_closed_) said_nothing(ended_by);
            break;
        }
        has_heard_ = true;
        close_after(stall, patience_.stall);
        const auto [failed, written] = co_await asio::async_write(client_, asio::buffer(*data, bytes), quietly);
        stall.cancel();
        if (failed) co_return close();
        tally_.received(bytes);
    }
    ended(client_);
}

/// By TLS 1.3 a server refuses this node's certificate only after the handshake.
void relayed_connection::said_nothing(const error_code& why) {
    if (why.category() != asio::error::get_ssl_category()) return tally_.hung_up();
    const failed_handshake what{why, X509_V_OK, {}, by_->has_certificate()};
    tally_.refused(explain(what, {}));
}

/// What one end has sent is with the other. So that this may answer still, it is not closed at once: who closes a
/// socket with unread bytes in it takes back what was sent there.
void relayed_connection::ended(tcp::socket& other) {
    if (std::exchange(is_half_closed_, true)) return close();
    error_code ignored;
    other.shutdown(tcp::socket::shutdown_send, ignored);
    close_after(deadline_, patience_.linger);
}

void relayed_connection::close_after(asio::steady_timer& timer, std::chrono::milliseconds time) {
    timer.expires_after(time);
    timer.async_wait([weak = weak_from_this()](const error_code& cancelled) {
        const auto self = weak.lock();
        if (cancelled || !self) return;
        self->has_timed_out_ = true;
        self->close();
    });
}

void relayed_connection::close() {
    deadline_.cancel();
    error_code ignored;
    client_.close(ignored);
    server_.next_layer().close(ignored);
}

void relayed_connection::refuse(relay_refusal::cause why, std::string message) {
    tally_.refused({why, std::move(message)});
}

}  // namespace penholder::zookeeper
