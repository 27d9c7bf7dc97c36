#include "http_server.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

namespace penholder::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds pause_after_failed_accept{100};

}  // namespace

http_server::http_server(asio::any_io_executor executor, door entrance, surroundings& with)
    : executor_(std::move(executor)), entrance_(std::move(entrance)), with_(with) {}

void http_server::start() {
    asio::co_spawn(executor_, accept_all(), asio::detached);
}

void http_server::stop() {
    stopping_ = true;
    entrance_.close();
    const auto open = sessions_;
    for (const auto& session : open) session->stop();
}

asio::awaitable<void> http_server::accept_all() {
    while (!stopping_) {
        boost::system::error_code failed;
        try {
            auto socket = co_await entrance_.accept();
            if (sessions_.size() >= with_.settings.http.max_connections && !make_room()) continue;
            auto session = std::make_shared<http_session>(std::move(socket), with_);
            sessions_.insert(session);
            asio::co_spawn(executor_, serve(std::move(session)), asio::detached);
        } catch (const boost::system::system_error& thrown) {
            failed = thrown.code();
        }
        if (!failed || stopping_) continue;
        log().warn("http accept failed error={}", failed.message());
        co_await asio::steady_timer(executor_, pause_after_failed_accept).async_wait(asio::use_awaitable);
    }
}

/// Connections that are kept open and ask nothing must not keep out those who have something to ask: the one that has
/// waited longest goes. False where all are being answered.
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
        log().warn("http connection failed error={}", failed.what());
    }
    sessions_.erase(session);
}

}  // namespace penholder::daemon
