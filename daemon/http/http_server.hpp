#pragma once

#include "daemon/http/acceptor.hpp"
#include "daemon/http/http_session.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <unordered_set>

namespace penholder::daemon {

/// Accepts connections and bounds their number. Owned by `process`; used on the daemon's one thread.
class http_server {
public:
    http_server(boost::asio::any_io_executor executor, acceptor listening, request_context& context);

    void start();

    /// Accepts no more, closes idle connections, and lets requests under way finish.
    void stop();

    /// Completes when the last connection has ended, at the latest after this time. To be called after `stop`.
    boost::asio::awaitable<void> wait_until_empty(std::chrono::milliseconds within);

private:
    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> serve(std::shared_ptr<http_session> session);
    bool make_room();

    boost::asio::any_io_executor executor_;
    acceptor acceptor_;
    request_context& context_;
    std::unordered_set<std::shared_ptr<http_session>> sessions_;
    boost::asio::steady_timer emptied_;  ///< Is cancelled when the last connection has ended.
    bool stopping_ = false;
};

}  // namespace penholder::daemon
