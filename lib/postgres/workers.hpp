#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <thread>

namespace penholder::postgres {

/// The threads on which a node's blocking calls to its databases run, all groups' together: connecting, raising a
/// fence, asking the ledger. Owned by the node; it must outlive databases and lanes.
class workers {
public:
    explicit workers(std::size_t threads) : pool_(threads) {}

    /// Waits for the calls under way, at most their own time-outs.
    ~workers();
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    boost::asio::thread_pool& pool() noexcept { return pool_; }

    /// Begins no call any more, and posts `done` to `executor` when those under way have ended. Once.
    void finish(const boost::asio::any_io_executor& executor, std::function<void()> done);

private:
    boost::asio::thread_pool pool_;
    std::thread finisher_;
};

}  // namespace penholder::postgres
