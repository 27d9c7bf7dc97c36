#pragma once

#include "lane/command.hpp"
#include "lane/connection_id.hpp"
#include "pipeline.hpp"
#include "raw_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace penholder::postgres {

/// The connections that write under one term, each with its timers: the lane's and the sessions'. Owned by the lane's
/// core; on the executor. A connection that is being made counts by its number: whoever made it for an older one than
/// the newest comes too late.
class writing_connections {
public:
    explicit writing_connections(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// The number of a connection that is to be made now, in place of an earlier one.
    std::uint64_t announce(lane::connection_id which);
    bool is_awaited(lane::connection_id which, std::uint64_t number) const;

    void open(lane::connection_id which, std::unique_ptr<raw_connection> over, pipeline::listener events);
    void send(lane::connection_id which, lane::round commands, std::size_t max_rows_bytes);
    void cancel_done(lane::connection_id which);

    /// The process number of its backend; 0 where there is no connection.
    int backend_pid(lane::connection_id which) const;
    std::vector<int> backend_pids() const;  ///< Of all.

    /// Its callbacks come no more, and one that is being made is not awaited any more.
    void close(lane::connection_id which);
    void close_all();

    /// Calls `then` unless that is set anew before, or stopped.
    void when_silent(lane::connection_id which, std::chrono::milliseconds after, std::function<void()> then);
    void reconnect_after(lane::connection_id which, std::chrono::milliseconds pause, std::function<void()> then);

private:
    struct entry {
        explicit entry(const boost::asio::any_io_executor& executor) : silence(executor), reconnect(executor) {}
        std::shared_ptr<postgres::pipeline> pipeline;
        std::uint64_t number = 0;
        boost::asio::steady_timer silence;
        boost::asio::steady_timer reconnect;
    };

    entry& of(lane::connection_id which) { return entries_.try_emplace(which, executor_).first->second; }
    static void call_after(boost::asio::steady_timer& timer, std::chrono::milliseconds pause,
                           std::function<void()> then);

    boost::asio::any_io_executor executor_;
    std::map<lane::connection_id, entry> entries_;
    std::uint64_t last_number_ = 0;
};

}  // namespace penholder::postgres
