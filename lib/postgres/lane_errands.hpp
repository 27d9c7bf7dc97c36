#pragma once

#include "call_line.hpp"
#include "lane/connection_id.hpp"
#include "lane/lock_holder.hpp"
#include "made_connection.hpp"
#include "model/fence_record.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::postgres {

/// What a lane and its sessions need that blocks: connections are made on the workers, and small questions are asked
/// over connections that are kept for them, so that they can be asked when the server takes no more. Owned by the
/// lane's core; on the executor, where every answer comes too. Each is bounded by the group's time-outs.
class lane_errands {
public:
    template <class T>
    using answer = std::function<void(result<T>)>;

    lane_errands(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers, const group_options& group,
                 fence_record held, std::shared_ptr<raise_memory> memory);

    /// Makes the connection for small questions, so that it is there when the server takes no more.
    void prepare();

    /// A connection of the lane, over which the fence is raised, or of a session, whose slot of the fence nobody holds.
    void make(lane::connection_id which, answer<made_connection> done);

    /// Is the server alive and fit to be led?
    void probe(answer<void> done);

    /// How the fence stands.
    void read_fence(answer<fence_record> done);

    /// Who holds the lock that a backend of ours waits for, where it is none of `ours`.
    void find_lock_holder(int pid, std::vector<int> ours, answer<std::optional<lane::lock_holder>> done);

    /// Ends a backend of ours, whatever it is doing.
    void end_backend(int pid);

    /// Cancels what a backend of ours is doing; `done` when no cancel can still arrive.
    void cancel_backend(int pid, std::function<void()> done);

private:
    boost::asio::any_io_executor executor_;
    boost::asio::thread_pool& workers_;
    group_options group_;
    fence_record held_;
    std::shared_ptr<raise_memory> memory_;
    call_line questions_;
};

}  // namespace penholder::postgres
