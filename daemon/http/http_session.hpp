#pragma once

#include "daemon/http/client_stream.hpp"
#include "daemon/http/resources.hpp"
#include "daemon/http/routes.hpp"
#include "tcp/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace penholder::daemon {

/// One HTTP connection, its requests one after the other. Owned by its own coroutine; `http_server` knows it to stop
/// it.
class http_session : public std::enable_shared_from_this<http_session> {
public:
    http_session(tcp::stream_socket socket, request_context& context, asks may_ask);

    /// Serves until the client goes, a time-out ends, or `stop` is called.
    boost::asio::awaitable<void> run();

    /// Lets a request that is being answered finish, and closes.
    void stop();

    /// Since when nothing has come that could be answered; nothing while a request is being answered.
    std::optional<std::chrono::steady_clock::time_point> waiting_since() const noexcept;

    /// It answers a request, or an application that it has answered is still connected. Event streams do not count.
    bool is_in_use() const noexcept;

    asks may_ask() const noexcept { return may_ask_; }
    bool is_stopping() const noexcept { return stopping_; }

private:
    using parser = http::request_parser<http::string_body>;

    boost::asio::awaitable<bool> begin();
    boost::asio::awaitable<bool> read(parser& into);
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> refuse(boost::system::error_code why);
    boost::asio::awaitable<bool> refuse(reply why);
    boost::asio::awaitable<void> linger();
    boost::asio::awaitable<bool> send(reply answered, bool head, unsigned version, bool keep_alive);
    boost::asio::awaitable<bool> send_large(reply answered, unsigned version, bool keep_alive);
    boost::asio::awaitable<void> send_events(const reply& answered, unsigned version);
    boost::asio::awaitable<void> watch_for_end(std::shared_ptr<event_feed> feed);
    int sending_limit_ms() const noexcept;
    void expire_after(int milliseconds);
    void close();

    client_stream stream_;
    boost::beast::flat_buffer buffer_;
    request_context& context_;
    asks may_ask_;
    std::weak_ptr<event_feed> feed_;
    std::chrono::steady_clock::time_point waits_from_ = std::chrono::steady_clock::now();
    bool answering_ = false;
    bool serves_application_ = false;
    bool stopping_ = false;
};

}  // namespace penholder::daemon
