#include "daemon/http/client_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace penholder::daemon {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr unsigned char handshake_record = 22;  // RFC 8446, 5.1.
constexpr std::size_t first_read_bytes = 4096;

std::string why_refused(const error_code& failed) {
    if (failed.category() != asio::error::get_ssl_category()) return {};
    const auto* text = ERR_reason_error_string(static_cast<unsigned long>(failed.value()));
    return text != nullptr ? text : failed.message();
}

}  // namespace

client_stream::client_stream(tcp::stream_socket connected, std::shared_ptr<tls::credentials> by)
    : below_(std::move(connected)), by_(std::move(by)) {}

asio::awaitable<client_stream::beginning> client_stream::begin(boost::beast::flat_buffer& read) {
    if (!by_) co_return beginning::agreed;
    const auto [nothing, bytes] = co_await below_.async_read_some(read.prepare(first_read_bytes), quietly);
    if (nothing) co_return beginning::abandoned;
    read.commit(bytes);
    if (*static_cast<const unsigned char*>(read.data().data()) != handshake_record) co_return beginning::not_tls;
    sealed_.emplace(below_, by_->context());
    const auto [failed, used] = co_await sealed_->async_handshake(asio::ssl::stream_base::server, read.data(), quietly);
    // What came in plain text with the peer's first words is not its request.
    if (failed || used != read.size()) {
        refusal_ = failed ? why_refused(failed) : "it goes on in plain text";
        co_return beginning::abandoned;
    }
    read.clear();
    co_return beginning::agreed;
}

asio::awaitable<void> client_stream::end() {
    if (sealed_) co_await sealed_->async_shutdown(quietly);
}

}  // namespace penholder::daemon
