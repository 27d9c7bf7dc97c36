#pragma once

#include "daemon/http/http_session.hpp"
#include "tcp/acceptor.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <unordered_set>

namespace penholder::daemon {

/// HTTP's connections, their number bounded: where there are too many, an idle one is closed for one that comes. Where
/// none is idle, a few more can ask for health, and for nothing else. Owned by `process`; used on the daemon's one
/// thread.
class http_server {
public:
    http_server(boost::asio::any_io_executor executor, std::shared_ptr<tcp::acceptor> listening,
                request_context& context);
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    static constexpr std::size_t places_for_health = 16;

    void start();

    /// Completes when applications are quiet: none that was answered is connected, and none was answered for a second;
    /// at the latest after this time, or when nobody waits any more.
    boost::asio::awaitable<void> wait_until_quiet(std::chrono::milliseconds within);
    void wait_no_longer();

    /// Accepts no more, closes idle connections, and lets requests under way finish.
    void stop();

    /// Completes when the last connection has ended, at the latest after this time. To be called after `stop`.
    boost::asio::awaitable<void> wait_until_empty(std::chrono::milliseconds within);

private:
    void take(tcp::stream_socket connected);
    boost::asio::awaitable<void> serve(std::shared_ptr<http_session> session);
    std::optional<asks> find_place();
    bool make_room(asks among);
    std::size_t count(asks among) const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<tcp::acceptor> acceptor_;
    request_context& context_;
    std::unordered_set<std::shared_ptr<http_session>> sessions_;
    boost::asio::steady_timer emptied_;  ///< Is cancelled when the last connection has ended.
    boost::asio::steady_timer ended_;    ///< Is cancelled when a connection has ended.
    bool waits_no_longer_ = false;
};

}  // namespace penholder::daemon
