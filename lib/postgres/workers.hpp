#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <thread>

namespace penholder::postgres {

/// The threads on which a node's blocking calls to its databases run, all groups' together. Whoever makes them calls
/// `finish` or `end` before it lets go of them: a thread cannot wait for its own end. Databases and lanes, whose last
/// handlers may still be under way on the executor then, share the ownership of what they post to.
class workers {
public:
    explicit workers(std::size_t threads) : pool_(threads) {}
    ~workers();  ///< As `end`.
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    boost::asio::thread_pool& pool() noexcept { return pool_; }

    /// Begins no call any more, and posts `done` to `executor` when those under way have ended. Once.
    void finish(const boost::asio::any_io_executor& executor, std::function<void()> done);

    /// The same, waiting here for the calls under way, at most their own time-outs. Idempotent.
    void end();

private:
    /// Calls that never began may hold who holds the workers, so they are not to be kept until the pool's own end.
    struct emptied_pool : boost::asio::thread_pool {
        using boost::asio::thread_pool::thread_pool;
        void drop_calls() { shutdown(); }
    };

    emptied_pool pool_;
    std::thread finisher_;
};

}  // namespace penholder::postgres
