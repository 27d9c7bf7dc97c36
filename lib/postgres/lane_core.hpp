#pragma once

#include "base/backoff.hpp"
#include "batch.hpp"
#include "fence.hpp"
#include "lane.hpp"
#include "pipeline.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace penholder::postgres {

/// A connection over which a term's fence was raised.
struct fenced_connection {
    std::unique_ptr<raw_connection> connection;
    fence_answer fence;
};

/// The lane behind `lane`: a queue, one batch at a time, one connection. It decides nothing about a write's fate;
/// `batch` does. Kept alive by its own handlers until it is closed. On the executor only.
class lane_core : public std::enable_shared_from_this<lane_core> {
public:
    lane_core(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers, group_options group,
              fence_record held, lane_events events);

    /// Over `ready` where there is one, else over a connection of its own making.
    void start(std::optional<fenced_connection> ready = std::nullopt);
    void submit(lane_write what);
    void drain(std::function<void()> done);
    void close();

    penholder::term term() const noexcept { return held_.term; }
    lane_state state() const noexcept { return state_; }
    std::size_t queued() const noexcept { return queue_.size(); }
    std::size_t in_flight() const noexcept { return batch_ ? batch_->size() : 0; }
    const lane_counters& counters() const noexcept { return counters_; }

private:
    // Connection.
    void connect();
    void on_connected(result<fenced_connection> made);
    void on_lost(error why);
    void reconnect_later();
    void on_fenced();
    static result<fenced_connection> open(const group_options& group, const fence_record& held);

    // Batches.
    void wake();
    void next_batch();
    std::vector<queued_write> take_batch();
    void start_batch(std::vector<queued_write> writes);
    void on_replies(std::vector<reply> replies);
    void finish_batch();
    void requeue(std::vector<queued_write> again);
    void schedule_sweep();

    // Answers.
    void answer(queued_write& one, write_answer given);
    void hand_back(queued_write& one, errc code, std::string message);
    void hand_back_queue(errc code, const std::string& message);
    void expire();
    void look_again_for(const queued_write& one, std::chrono::steady_clock::time_point now);
    void finish_drain();

    boost::asio::any_io_executor executor_;
    boost::asio::thread_pool& workers_;
    group_options group_;
    fence_record held_;
    lane_events events_;
    lane_state state_ = lane_state::connecting;
    lane_counters counters_;
    std::deque<queued_write> queue_;
    std::unordered_set<std::string> ids_;
    origin_cache origins_;
    std::optional<batch> batch_;
    std::shared_ptr<pipeline> pipeline_;
    boost::asio::steady_timer clock_;
    boost::asio::steady_timer reconnect_;
    boost::asio::steady_timer sweep_;
    backoff backoff_;
    std::chrono::steady_clock::time_point next_look_ = std::chrono::steady_clock::time_point::max();
    std::string trouble_;
    std::function<void()> drained_;
    bool draining_ = false;
    bool waking_ = false;
    bool sweep_due_ = false;
};

}  // namespace penholder::postgres
