#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <thread>

namespace penholder::postgres {

/// The threads on which a node's blocking calls to its databases run, all groups' together: connecting, raising a
/// fence, asking the ledger. The node ends them; databases and lanes, whose last handlers may still be under way on the
/// executor then, share their ownership, so that what they post to is there for as long as they are.
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
