#include "threads.hpp"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace penholder::bench {
namespace {

/// The first failure of any thread.
class failures {
public:
    void keep(std::exception_ptr what) {
        const std::lock_guard lock(mutex_);
        if (!first_) first_ = std::move(what);
    }
    void rethrow() const {
        if (first_) std::rethrow_exception(first_);
    }

private:
    std::mutex mutex_;
    std::exception_ptr first_;
};

void keep_writing(course& all, std::size_t index, blocking_client& with) {
    writer one(all, index);
    while (const auto due = one.due()) {
        const auto what = one.make();
        std::this_thread::sleep_until(*due);
        one.sending();
        one.answered(*due, with.write(what));
    }
}

}  // namespace

void run_in_threads(course& all, const std::function<std::unique_ptr<blocking_client>(std::size_t index)>& connect) {
    std::vector<std::unique_ptr<blocking_client>> clients;
    for (std::size_t i = 0; i < all.shape().writers; ++i) clients.push_back(connect(i));
    failures failed;
    std::vector<std::jthread> threads;
    all.begin();
    for (std::size_t i = 0; i < clients.size(); ++i) {
        threads.emplace_back([&all, &failed, i, client = clients[i].get()] {
            try {
                keep_writing(all, i, *client);
            } catch (...) {
                failed.keep(std::current_exception());
            }
        });
    }
    threads.clear();
    failed.rethrow();
}

}  // namespace penholder::bench
