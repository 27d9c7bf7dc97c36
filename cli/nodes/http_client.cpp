#include "cli/nodes/http_client.hpp"

#include "cli/nodes/endpoints.hpp"
#include "tls/context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using local = asio::local::stream_protocol;
using boost::system::error_code;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t answer_limit = 64 * 1024 * 1024;

using request = http::request<http::string_body>;

http::verb verb_of(http_question::method by) {
    switch (by) {
        case http_question::method::post: return http::verb::post;
        case http_question::method::remove: return http::verb::delete_;
        case http_question::method::get: break;
    }
    return http::verb::get;
}

request make_request(const node_url& where, const http_question& what) {
    request made{verb_of(what.by), what.target, 11};
    made.set(http::field::host, where.at.is_unix() ? "localhost" : where.at.text());
    made.set(http::field::user_agent, "penholder");
    made.set(http::field::connection, "close");
    if (!what.token.empty()) made.set(http::field::authorization, "Bearer " + what.token);
    if (!what.idempotency_key.empty()) made.set("Idempotency-Key", what.idempotency_key);
    if (what.by == http_question::method::post) {
        made.set(http::field::content_type, "application/json");
        made.body() = what.body;
        made.prepare_payload();
    }
    return made;
}

/// What to do where a question was sent and not answered.
std::string_view next_after(const http_question& what) {
    if (what.by == http_question::method::get) return "; is the node stopped, or stuck?";
    if (!what.idempotency_key.empty()) return "; ask again with the same write id";
    return "; it may have been done all the same: look before you ask again";
}

error failure(const node_url& where, const error_code& why, std::string_view next) {
    const bool late = why == boost::beast::error::timeout;
    const std::string what = late ? "no answer within the time-out" : why.message();
    return {errc::link_lost, "node at " + url_text(where) + ": " + what + std::string(next)};
}

error not_reached(const node_url& where, const error_code& why) {
    return failure(where, why, "; is the node running there?");
}

error not_answered(const node_url& where, const error_code& why, const http_question& what) {
    auto made = failure(where, why, next_after(what));
    made.code = errc::outcome_unknown;
    return made;
}

std::string_view what_to_do(long verified) {
    switch (verified) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID: return "; give the node another one, or see to the clocks";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return "; name the node by a host that its certificate is for";
        default: return "; give its root authority with --ca-file";
    }
}

bool wants_other_certificate(const error_code& failed) {
    return failed.category() == asio::error::get_ssl_category() &&
           tls::refuses_certificate(static_cast<unsigned long>(failed.value()));
}

error certificate_refused(const node_url& where) {
    return {errc::link_lost, "node at " + url_text(where) +
                                 ": it does not accept this certificate, or wants one; give one of its clients' "
                                 "authority with --cert-file and --key-file"};
}

template <class Stream>
asio::awaitable<result<http_answer>> exchange(Stream& stream, const node_url& where, const http_question& what) {
    const request question = make_request(where, what);
    const auto [unsent, written] = co_await http::async_write(stream, question, quietly);
    if (wants_other_certificate(unsent)) co_return certificate_refused(where);
    if (unsent) co_return written == 0 ? not_reached(where, unsent) : not_answered(where, unsent, what);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_limit);
    const auto [unread, bytes] = co_await http::async_read(stream, buffer, parser, quietly);
    if (wants_other_certificate(unread)) co_return certificate_refused(where);
    if (unread) co_return not_answered(where, unread, what);
    const auto& message = parser.get();
    co_return http_answer{message.result_int(), message.body(), std::string(message[http::field::date])};
}

/// Why the node's certificate is not accepted, or what else TLS failed by.
std::string why_no_tls(SSL* with, const error_code& failed) {
    if (const long verified = SSL_get_verify_result(with); verified != X509_V_OK) {
        return std::string("its certificate is not accepted: ") + X509_verify_cert_error_string(verified) +
               std::string(what_to_do(verified));
    }
    if (failed.category() != asio::error::get_ssl_category()) return failed.message() + "; does it speak TLS there?";
    const auto* text = ERR_reason_error_string(static_cast<unsigned long>(failed.value()));
    return std::string("there is no TLS with it: ") + (text != nullptr ? text : "no reason given") +
           "; does it speak TLS there?";
}

asio::awaitable<result<http_answer>> exchange_by_tls(boost::beast::basic_stream<tcp>& over, node_url where,
                                                     std::shared_ptr<tls::credentials> by, http_question what) {
    asio::ssl::stream<boost::beast::basic_stream<tcp>&> stream(over, by->context());
    tls::expect_host(stream.native_handle(), where.at.host);
    const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::client, quietly);
    if (failed == boost::beast::error::timeout) co_return not_reached(where, failed);
    if (wants_other_certificate(failed)) co_return certificate_refused(where);
    if (failed) {
        co_return error{errc::link_lost,
                        "node at " + url_text(where) + ": " + why_no_tls(stream.native_handle(), failed)};
    }
    co_return co_await exchange(stream, where, what);
}

asio::awaitable<result<http_answer>> ask_tcp(node_url where, std::shared_ptr<tls::credentials> by, http_question what,
                                             std::chrono::milliseconds within) {
    const auto executor = co_await asio::this_coro::executor;
    const auto found = co_await endpoints_of(where.at, within);
    if (!found) co_return error{errc::link_lost, "node at " + url_text(where) + ": " + found.error().message};
    boost::beast::basic_stream<tcp> stream(executor);
    stream.expires_after(within);
    const auto [refused, peer] = co_await stream.async_connect(*found, quietly);
    if (refused) co_return not_reached(where, refused);
    if (where.by_tls) co_return co_await exchange_by_tls(stream, where, std::move(by), std::move(what));
    co_return co_await exchange(stream, where, what);
}

asio::awaitable<result<http_answer>> ask_unix(node_url where, http_question what, std::chrono::milliseconds within) {
    boost::beast::basic_stream<local> stream(co_await asio::this_coro::executor);
    stream.expires_after(within);
    const local::endpoint peer(where.at.path);
    const auto [refused] = co_await stream.async_connect(peer, quietly);
    if (refused) co_return not_reached(where, refused);
    co_return co_await exchange(stream, where, what);
}

}  // namespace

asio::awaitable<result<http_answer>> ask(node_url where, std::shared_ptr<tls::credentials> by, http_question what,
                                         std::chrono::milliseconds within) {
    return where.at.is_unix() ? ask_unix(std::move(where), std::move(what), within)
                              : ask_tcp(std::move(where), std::move(by), std::move(what), within);
}

std::string path_segment(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace penholder::cli
