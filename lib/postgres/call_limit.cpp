#include "call_limit.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <libpq-fe.h>

#include <mutex>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace penholder::postgres {

/// The descriptor is a duplicate: libpq may close its own at any moment, and its number may then be somebody else's.
struct call_limit::watched {
    watched(const boost::asio::any_io_executor& executor, int of) : timer(executor), socket(::dup(of)) {}
    ~watched() { release(); }
    watched(const watched&) = delete;
    watched& operator=(const watched&) = delete;

    void cut() {
        const std::scoped_lock lock(mutex);
        if (socket < 0) return;
        expired = true;
        ::shutdown(socket, SHUT_RDWR);
    }
    void release() {
        const std::scoped_lock lock(mutex);
        if (socket >= 0) ::close(std::exchange(socket, -1));
    }

    boost::asio::steady_timer timer;
    std::mutex mutex;
    int socket;
    bool expired = false;
};

call_limit::call_limit(const boost::asio::any_io_executor& executor, const raw_connection& over,
                       std::chrono::milliseconds most)
    : watched_(std::make_shared<watched>(executor, PQsocket(over.handle()))) {
    boost::asio::post(executor, [watched = watched_, end = std::chrono::steady_clock::now() + most] {
        watched->timer.expires_at(end);
        watched->timer.async_wait([watched](boost::system::error_code cancelled) {
            if (!cancelled) watched->cut();
        });
    });
}

call_limit::~call_limit() {
    watched_->release();
    boost::asio::post(watched_->timer.get_executor(), [watched = watched_] { watched->timer.cancel(); });
}

bool call_limit::expired() const noexcept {
    const std::scoped_lock lock(watched_->mutex);
    return watched_->expired;
}

}  // namespace penholder::postgres
