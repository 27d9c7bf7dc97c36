#pragma once

#include "http_session.hpp"
#include "tcp/acceptor.hpp"

#include <memory>
#include <unordered_set>

namespace penholder::daemon {

/// HTTP's connections, their number bounded: where there are too many, one that asks nothing goes for one that comes.
/// Owned by `process`; used on the daemon's one thread.
class http_server {
public:
    http_server(boost::asio::any_io_executor executor, std::shared_ptr<tcp::acceptor> entrance, surroundings& with);
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    void start();

    /// Accepts no more, closes idle connections, and lets requests under way finish.
    void stop();

    bool is_empty() const noexcept { return sessions_.empty(); }

private:
    void take(tcp::stream_socket connected);
    boost::asio::awaitable<void> serve(std::shared_ptr<http_session> session);
    bool make_room();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<tcp::acceptor> entrance_;
    surroundings& with_;
    std::unordered_set<std::shared_ptr<http_session>> sessions_;
};

}  // namespace penholder::daemon
