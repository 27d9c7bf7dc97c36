#include "http_server.hpp"

#include "base/log_event.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace penholder::daemon {

namespace asio = boost::asio;

http_server::http_server(asio::any_io_executor executor, std::shared_ptr<tcp::acceptor> entrance, surroundings& with)
    : executor_(std::move(executor)), entrance_(std::move(entrance)), with_(with) {}

http_server::~http_server() {
    entrance_->stop();
}

void http_server::start() {
    entrance_->start([this](tcp::stream_socket connected) { take(std::move(connected)); });
}

void http_server::stop() {
    entrance_->stop();
    const auto open = sessions_;
    for (const auto& session : open) session->stop();
}

void http_server::take(tcp::stream_socket connected) {
    if (sessions_.size() >= with_.settings.http.max_connections && !make_room()) return;
    auto session = std::make_shared<http_session>(std::move(connected), with_);
    sessions_.insert(session);
    asio::co_spawn(executor_, serve(std::move(session)), asio::detached);
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
        log_warn("http_connection_failed").with("reason", failed.what());
    }
    sessions_.erase(session);
}

}  // namespace penholder::daemon
