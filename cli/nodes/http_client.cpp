#include "cli/nodes/http_client.hpp"

#include "cli/nodes/endpoints.hpp"
#include "cli/nodes/node_url.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

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

request make_request(const address& where, const http_question& what) {
    request made{verb_of(what.by), what.target, 11};
    made.set(http::field::host, where.is_unix() ? "localhost" : where.host + ":" + std::to_string(where.port));
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

error failure(const address& where, const error_code& why, std::string_view next) {
    const bool late = why == boost::beast::error::timeout;
    const std::string what = late ? "no answer within the time-out" : why.message();
    return {errc::link_lost, "node at " + url_text(where) + ": " + what + std::string(next)};
}

error not_reached(const address& where, const error_code& why) {
    return failure(where, why, "; is the node running there?");
}

error not_answered(const address& where, const error_code& why, const http_question& what) {
    auto made = failure(where, why, next_after(what));
    made.code = errc::outcome_unknown;
    return made;
}

template <class Stream>
asio::awaitable<result<http_answer>> exchange(Stream& stream, const address& where, const http_question& what) {
    const request question = make_request(where, what);
    const auto [unsent, written] = co_await http::async_write(stream, question, quietly);
    if (unsent) co_return written == 0 ? not_reached(where, unsent) : not_answered(where, unsent, what);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_limit);
    const auto [unread, bytes] = co_await http::async_read(stream, buffer, parser, quietly);
    if (unread) co_return not_answered(where, unread, what);
    const auto& message = parser.get();
    co_return http_answer{message.result_int(), message.body(), std::string(message[http::field::date])};
}

asio::awaitable<result<http_answer>> ask_tcp(address where, http_question what, std::chrono::milliseconds within) {
    const auto executor = co_await asio::this_coro::executor;
    const auto found = co_await endpoints_of(where, within);
    if (!found) co_return error{errc::link_lost, "node at " + url_text(where) + ": " + found.error().message};
    boost::beast::basic_stream<tcp> stream(executor);
    stream.expires_after(within);
    const auto [refused, peer] = co_await stream.async_connect(*found, quietly);
    if (refused) co_return not_reached(where, refused);
    co_return co_await exchange(stream, where, what);
}

asio::awaitable<result<http_answer>> ask_unix(address where, http_question what, std::chrono::milliseconds within) {
    boost::beast::basic_stream<local> stream(co_await asio::this_coro::executor);
    stream.expires_after(within);
    const local::endpoint peer(where.path);
    const auto [refused] = co_await stream.async_connect(peer, quietly);
    if (refused) co_return not_reached(where, refused);
    co_return co_await exchange(stream, where, what);
}

}  // namespace

asio::awaitable<result<http_answer>> ask(address where, http_question what, std::chrono::milliseconds within) {
    return where.is_unix() ? ask_unix(std::move(where), std::move(what), within)
                           : ask_tcp(std::move(where), std::move(what), within);
}

std::string path_segment(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace penholder::cli
