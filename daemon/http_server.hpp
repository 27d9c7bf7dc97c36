#pragma once

#include "door.hpp"
#include "http_session.hpp"

#include <memory>
#include <unordered_set>

namespace penholder::daemon {

/// Accepts connections and bounds their number. Owned by `process`; used on the daemon's one thread.
class http_server {
public:
    http_server(boost::asio::any_io_executor executor, door entrance, surroundings& with);

    void start();

    /// Accepts no more, closes idle connections, and lets requests under way finish.
    void stop();

    bool is_empty() const noexcept { return sessions_.empty(); }

private:
    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> serve(std::shared_ptr<http_session> session);
    bool make_room();

    boost::asio::any_io_executor executor_;
    door entrance_;
    surroundings& with_;
    std::unordered_set<std::shared_ptr<http_session>> sessions_;
    bool stopping_ = false;
};

}  // namespace penholder::daemon
