#include "daemon/http/http_server.hpp"

#include "base/log_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>

namespace penholder::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds pause_after_failed_accept{100};

}  // namespace

http_server::http_server(asio::any_io_executor executor, acceptor listening, request_context& context)
    : executor_(std::move(executor)), acceptor_(std::move(listening)), context_(context), emptied_(executor_) {}

void http_server::start() {
    asio::co_spawn(executor_, accept_all(), asio::detached);
}

void http_server::stop() {
    stopping_ = true;
    acceptor_.close();
    const auto open = sessions_;
    for (const auto& session : open) session->stop();
}

asio::awaitable<void> http_server::wait_until_empty(std::chrono::milliseconds within) {
    assert(stopping_);
    if (sessions_.empty()) co_return;
    emptied_.expires_after(within);
    co_await emptied_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> http_server::accept_all() {
    while (!stopping_) {
        boost::system::error_code failed;
        try {
            auto socket = co_await acceptor_.accept();
            if (sessions_.size() >= context_.settings.http.max_connections && !make_room()) continue;
            auto session = std::make_shared<http_session>(std::move(socket), context_);
            sessions_.insert(session);
            asio::co_spawn(executor_, serve(std::move(session)), asio::detached);
        } catch (const boost::system::system_error& thrown) {
            failed = thrown.code();
        }
        if (!failed || stopping_) continue;
        log_warn("http_accept_failed").with("reason", failed.message());
        co_await asio::steady_timer(executor_, pause_after_failed_accept).async_wait(asio::use_awaitable);
    }
}

/// Closes the connection that has been idle longest, so that idle ones never keep out one that has a request. False
/// where all are being answered.
bool http_server::make_room() {
    std::shared_ptr<http_session> idlest;
    for (const auto& session : sessions_) {
        const auto since = session->waiting_since();
        if (since && (!idlest || *since < *idlest->waiting_since())) idlest = session;
    }
    if (idlest) idlest->stop();
    return idlest != nullptr;
}

asio::awaitable<void> http_server::serve(std::shared_ptr<http_session> session) {
    try {
        co_await session->run();
    } catch (const std::exception& failed) {
        log_warn("http_connection_failed").with("reason", failed.what());
    }
    sessions_.erase(session);
    if (sessions_.empty()) emptied_.cancel();
}

}  // namespace penholder::daemon
