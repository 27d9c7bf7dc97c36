#pragma once

#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace penholder::zookeeper {

/// A request that the client library has and has not answered.
class unanswered_request {
public:
    virtual ~unanswered_request() = default;
    virtual void fail(int code) = 0;
};

/// A handle's requests that the client library has not answered. When a handle is closed the library drops replies that
/// it has received and not yet told, so what is left then is answered here. Any thread.
class unanswered_requests {
public:
    void add(unanswered_request& one) {
        const std::scoped_lock lock(mutex_);
        all_.insert(&one);
    }
    void remove(unanswered_request& one) {
        const std::scoped_lock lock(mutex_);
        all_.erase(&one);
    }

    /// The library's threads have ended: it answers none of them any more.
    void fail_all(int code) {
        std::unordered_set<unanswered_request*> left;
        {
            const std::scoped_lock lock(mutex_);
            left = std::exchange(all_, {});
        }
        for (auto* one : left) {
            const std::unique_ptr<unanswered_request> mine(one);
            mine->fail(code);
        }
    }

private:
    std::mutex mutex_;
    std::unordered_set<unanswered_request*> all_;
};

}  // namespace penholder::zookeeper
