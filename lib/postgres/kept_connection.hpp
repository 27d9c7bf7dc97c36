#pragma once

#include "raw_connection.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace penholder::postgres {

/// The one connection that a database's blocking calls share, one call at a time, and that is kept between them. Owned
/// by the database; any worker thread. Only whoever has the turn touches the connection.
class kept_connection {
public:
    struct contents {
        std::unique_ptr<raw_connection> connection;  ///< May be none: who has the turn makes one, or takes it away.
        bool primed = false;
    };

    /// Exclusive use of the contents, for as long as it exists.
    class turn {
    public:
        explicit turn(kept_connection& of) : of_(&of) {}
        turn(turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        turn& operator=(turn&&) = delete;
        ~turn();

        contents& operator*() const noexcept { return of_->contents_; }
        contents* operator->() const noexcept { return &of_->contents_; }

    private:
        kept_connection* of_;
    };

    /// Waits for its turn. Each call before it is bounded by a call_limit.
    turn wait();

    /// As `wait`; nothing where the turn has not come after `most`.
    std::optional<turn> wait_for(std::chrono::milliseconds most);

private:
    std::mutex mutex_;
    std::condition_variable freed_;
    bool taken_ = false;
    contents contents_;
};

}  // namespace penholder::postgres
