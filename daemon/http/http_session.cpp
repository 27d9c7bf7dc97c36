#include "daemon/http/http_session.hpp"

#include "base/log_event.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/spooled_body.hpp"

#include <penholder/version.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

namespace penholder::daemon {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t max_header_bytes = 16 * 1024;
constexpr int linger_ms = 500;
constexpr int health_limit_ms = 1000;
constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
constexpr auto too_large = "the body is larger than http.max_body_bytes ({}); send less";

/// Whether nobody can tell where its body ends: RFC 9112, 6.1 and 6.3.
template <class Message>
bool has_unknown_end(const Message& message) {
    const auto codings = message.count(http::field::transfer_encoding);
    if (codings == 0) return false;
    const bool is_chunked = codings == 1 && beast::iequals(message[http::field::transfer_encoding], "chunked");
    return !is_chunked || message.version() < 11 || message.count(http::field::content_length) > 0;
}

template <class Message>
void describe(Message& message, const reply& answered) {
    message.set(http::field::server, std::string("penholderd/") + version);
    message.set(http::field::date, fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr))));
    message.set(http::field::content_type, answered.content_type);
    for (const auto& [name, value] : answered.headers) message.set(name, value);
}

}  // namespace

http_session::http_session(tcp::stream_socket socket, request_context& context, asks may_ask)
    : stream_(std::move(socket), context.security.now()),
      buffer_(max_header_bytes + context.settings.http.max_body_bytes),
      context_(context),
      may_ask_(may_ask) {}

asio::awaitable<void> http_session::run() {
    const bool begun = co_await begin();
    while (begun && !stopping_) {
        const bool more = co_await serve_one();
        if (!more) break;
    }
    if (begun && !stopping_) {
        expire_after(linger_ms);
        co_await stream_.end();
    }
    close();
}

/// Agrees with the client on how to speak.
asio::awaitable<bool> http_session::begin() {
    expire_after(context_.settings.http.request_timeout_ms);
    const auto begun = co_await stream_.begin(buffer_);
    if (begun == client_stream::beginning::agreed) co_return true;
    if (begun == client_stream::beginning::not_tls) {
        co_return co_await refuse(to_reply(http::status::bad_request, "tls_required",
                                           "this port speaks TLS; write https:// instead of http://"));
    }
    if (stream_.refusal().empty()) co_return false;
    if (const auto kept_back = context_.failed_handshakes.pass(std::chrono::steady_clock::now())) {
        log_info("http_tls_refused").with("reason", stream_.refusal()).with("kept_back", *kept_back);
    }
    co_return false;
}

void http_session::stop() {
    stopping_ = true;
    if (const auto feed = feed_.lock()) feed->close();
    if (!answering_) close();
}

std::optional<std::chrono::steady_clock::time_point> http_session::waiting_since() const noexcept {
    return answering_ || stopping_ ? std::nullopt : std::optional(waits_from_);
}

bool http_session::is_in_use() const noexcept {
    return serves_application_ || (answering_ && feed_.expired());
}

asio::awaitable<bool> http_session::serve_one() {
    parser incoming;
    incoming.header_limit(max_header_bytes);
    incoming.body_limit(context_.settings.http.max_body_bytes);
    const bool arrived = co_await read(incoming);
    if (!arrived) co_return false;
    stream_.below().expires_never();
    answering_ = true;
    auto message = incoming.release();
    const bool head = message.method() == http::verb::head;
    const bool keep_alive = message.keep_alive();
    const unsigned version = message.version();
    auto answered = co_await respond(context_, std::move(message), may_ask_);
    context_.counted.request_answered(static_cast<unsigned>(answered.status));
    serves_application_ = serves_application_ || answered.to_application;
    if (answered.to_application) context_.application_heard = std::chrono::steady_clock::now();
    const bool stays = keep_alive && !stopping_ && !context_.closing && may_ask_ == asks::anything;
    const bool more = co_await send(std::move(answered), head, version, stays);
    answering_ = false;
    waits_from_ = std::chrono::steady_clock::now();
    co_return more;
}

asio::awaitable<bool> http_session::read(parser& into) {
    if (buffer_.size() == 0) {
        expire_after(context_.settings.http.idle_timeout_ms);
        const auto [failed, count] = co_await stream_.async_read_some(buffer_.prepare(4096), as_result);
        if (failed) co_return false;
        buffer_.commit(count);
    }
    expire_after(context_.settings.http.request_timeout_ms);
    auto [failed, count] = co_await http::async_read_header(stream_, buffer_, into, as_result);
    if (!failed && has_unknown_end(into.get())) {
        co_return co_await refuse(
            to_reply(http::status::not_implemented, "unknown_transfer_encoding",
                     "send a body with Content-Length, or with Transfer-Encoding: chunked alone"));
    }
    if (!failed && beast::iequals(into.get()[http::field::expect], "100-continue")) {
        http::response<http::empty_body> go_on(http::status::continue_, into.get().version());
        std::tie(failed, count) = co_await http::async_write(stream_, go_on, as_result);
    }
    if (!failed) std::tie(failed, count) = co_await http::async_read(stream_, buffer_, into, as_result);
    if (!failed) co_return true;
    co_return co_await refuse(failed);
}

/// Answers a client whose request could not be read, where that is possible. The connection is closed in any case.
asio::awaitable<bool> http_session::refuse(error_code why) {
    const auto limit = context_.settings.http.max_body_bytes;
    reply refusal;
    if (why == http::error::body_limit) {
        refusal = to_reply(api::to_problem({errc::payload_too_large, fmt::format(too_large, limit)}, {}));
    } else if (why == http::error::header_limit) {
        refusal = to_reply(http::status::request_header_fields_too_large, "headers_too_large", "send smaller headers");
    } else if (why.category() == http::make_error_code(http::error::bad_method).category() &&
               why != http::error::end_of_stream && why != http::error::partial_message) {
        refusal = to_reply(http::status::bad_request, "bad_request", "this is no HTTP: " + why.message());
    } else {
        co_return false;
    }
    co_return co_await refuse(std::move(refusal));
}

asio::awaitable<bool> http_session::refuse(reply why) {
    context_.counted.request_answered(static_cast<unsigned>(why.status));
    co_await send(std::move(why), false, 11, false);
    co_await linger();
    co_return false;
}

/// Reads away what the client still sends for a moment: closing at once could destroy the answer on its way.
asio::awaitable<void> http_session::linger() {
    expire_after(linger_ms);
    co_await stream_.end();
    error_code ignored;
    stream_.below().socket().shutdown(asio::socket_base::shutdown_send, ignored);
    std::array<char, 16384> dropped;
    for (;;) {
        const auto [ended, count] = co_await stream_.below().async_read_some(asio::buffer(dropped), as_result);
        if (ended) co_return;
    }
}

/// Who reads slowly does not keep a place that is for health checks.
int http_session::sending_limit_ms() const noexcept {
    const int limit = context_.settings.http.request_timeout_ms;
    return may_ask_ == asks::health ? std::min(limit, health_limit_ms) : limit;
}

asio::awaitable<bool> http_session::send(reply answered, bool head, unsigned version, bool keep_alive) {
    expire_after(sending_limit_ms());
    if (answered.events && !head) {
        co_await send_events(answered, version);
        co_return false;
    }
    if (answered.large_body && !head) co_return co_await send_large(std::move(answered), version, keep_alive);
    http::response<http::string_body> outgoing(answered.status, version);
    describe(outgoing, answered);
    outgoing.keep_alive(keep_alive);
    outgoing.content_length(answered.large_body ? answered.large_body->size() : answered.body.size());
    if (head) {
        http::response<http::empty_body> only_header(std::move(outgoing.base()));
        const auto [failed, count] = co_await http::async_write(stream_, only_header, as_result);
        co_return !failed && keep_alive;
    }
    outgoing.body() = std::move(answered.body);
    const auto [failed, count] = co_await http::async_write(stream_, outgoing, as_result);
    co_return !failed && keep_alive;
}

asio::awaitable<bool> http_session::send_large(reply answered, unsigned version, bool keep_alive) {
    http::response<http::buffer_body> outgoing(answered.status, version);
    describe(outgoing, answered);
    outgoing.keep_alive(keep_alive);
    outgoing.content_length(answered.large_body->size());
    http::response_serializer<http::buffer_body> out(outgoing);
    auto [failed, count] = co_await http::async_write_header(stream_, out, as_result);
    std::vector<char> piece(piece_bytes);
    for (auto left = answered.large_body->size(); !failed && left > 0;) {
        const auto next = answered.large_body->read(piece);
        if (next.empty()) co_return false;
        left -= next.size();
        outgoing.body() = {piece.data(), next.size(), left > 0};
        std::tie(failed, count) = co_await http::async_write(stream_, out, as_result);
        if (failed == http::error::need_buffer) failed = {};
    }
    co_return !failed && keep_alive;
}

asio::awaitable<void> http_session::send_events(const reply& answered, unsigned version) {
    const auto feed = answered.events;
    feed_ = feed;
    http::response<http::empty_body> header(answered.status, version);
    describe(header, answered);
    header.keep_alive(false);
    auto [failed, count] = co_await http::async_write(stream_, header, as_result);
    stream_.below().expires_never();
    asio::co_spawn(
        stream_.get_executor(),
        [](std::shared_ptr<http_session> self, std::shared_ptr<event_feed> over) -> asio::awaitable<void> {
            co_await self->watch_for_end(over);
        }(shared_from_this(), feed),
        asio::detached);
    while (!failed && !stopping_) {
        const auto piece = co_await feed->next();
        if (!piece) break;
        expire_after(context_.settings.http.request_timeout_ms);
        std::tie(failed, count) = co_await asio::async_write(stream_, asio::buffer(*piece), as_result);
        stream_.below().expires_never();
    }
    feed->close();
    close();
}

/// A client that closes an event stream is noticed at once, not at the next heartbeat. One that says something
/// meanwhile, which it should not, is noticed then.
asio::awaitable<void> http_session::watch_for_end(std::shared_ptr<event_feed> feed) {
    std::array<char, 256> ignored;
    const auto [failed, count] = co_await stream_.async_read_some(asio::buffer(ignored), as_result);
    if (failed) feed->close();
}

void http_session::expire_after(int milliseconds) {
    stream_.below().expires_after(std::chrono::milliseconds(milliseconds));
}

void http_session::close() {
    error_code ignored;
    stream_.below().socket().shutdown(asio::socket_base::shutdown_both, ignored);
    stream_.below().close();
}

}  // namespace penholder::daemon
