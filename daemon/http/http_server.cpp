#include "daemon/http/http_server.hpp"

#include "base/log_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace penholder::daemon {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds quiet_for{1};

}  // namespace

http_server::http_server(asio::any_io_executor executor, std::shared_ptr<tcp::acceptor> listening,
                         request_context& context)
    : executor_(std::move(executor)),
      acceptor_(std::move(listening)),
      context_(context),
      emptied_(executor_),
      ended_(executor_) {}

http_server::~http_server() {
    acceptor_->stop();
}

void http_server::start() {
    acceptor_->start([this](tcp::stream_socket connected) { take(std::move(connected)); });
}

void http_server::stop() {
    acceptor_->stop();
    const auto open = sessions_;
    for (const auto& session : open) session->stop();
}

asio::awaitable<void> http_server::wait_until_empty(std::chrono::milliseconds within) {
    if (sessions_.empty()) co_return;
    emptied_.expires_after(within);
    co_await emptied_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> http_server::wait_until_quiet(std::chrono::milliseconds within) {
    const auto until = clock::now() + within;
    while (!waits_no_longer_ && clock::now() < until) {
        const bool in_use = std::ranges::any_of(sessions_, [](const auto& each) { return each->is_in_use(); });
        const auto quiet_from = context_.application_heard + quiet_for;
        if (!in_use && clock::now() >= quiet_from) co_return;
        ended_.expires_at(in_use ? until : std::min(until, quiet_from));
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void http_server::wait_no_longer() {
    waits_no_longer_ = true;
    ended_.cancel();
}

void http_server::take(tcp::stream_socket connected) {
    const auto place = find_place();
    if (!place) return;
    auto session = std::make_shared<http_session>(std::move(connected), context_, *place);
    sessions_.insert(session);
    asio::co_spawn(executor_, serve(std::move(session)), asio::detached);
}

/// What one that comes now may ask; nothing where there is no room for it.
std::optional<asks> http_server::find_place() {
    const auto most = context_.settings.http.max_connections;
    const bool has_room = sessions_.size() < most || count(asks::anything) < most || make_room(asks::anything);
    if (has_room) return asks::anything;
    if (count(asks::health) < places_for_health || make_room(asks::health)) return asks::health;
    return std::nullopt;
}

std::size_t http_server::count(asks among) const {
    const auto is_there = [among](const auto& each) { return each->may_ask() == among && !each->is_stopping(); };
    return static_cast<std::size_t>(std::ranges::count_if(sessions_, is_there));
}

/// Closes the connection that has been idle longest, so that idle ones never keep out one that has a request. False
/// where all are being answered.
bool http_server::make_room(asks among) {
    std::shared_ptr<http_session> idlest;
    for (const auto& session : sessions_) {
        if (session->may_ask() != among) continue;
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
    ended_.cancel();
    if (sessions_.empty()) emptied_.cancel();
}

}  // namespace penholder::daemon
