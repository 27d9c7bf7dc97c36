#include "kept_connection.hpp"

#include <cassert>

namespace penholder::postgres {

kept_connection::turn::~turn() {
    if (of_ == nullptr) return;
    {
        const std::scoped_lock lock(of_->mutex_);
        assert(of_->taken_);
        of_->taken_ = false;
    }
    of_->freed_.notify_one();
}

kept_connection::turn kept_connection::wait() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [this] { return !taken_; });
    taken_ = true;
    return turn(*this);
}

std::optional<kept_connection::turn> kept_connection::wait_for(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, most, [this] { return !taken_; })) return std::nullopt;
    taken_ = true;
    return turn(*this);
}

}  // namespace penholder::postgres
