#pragma once

#include "base/backoff.hpp"
#include "batcher.hpp"
#include "lane_outbox.hpp"
#include "lane_write.hpp"
#include "model/fence_record.hpp"

#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace penholder::lane {

/// Decides for one lane: its one connection, under one term, made, lost and made again; drained and closed. What goes
/// over the connection is its batcher's.
///
/// Events in, actions out: no socket, clock, thread or lock, and every event is legal at every moment. What always
/// holds: a submitted write is answered exactly once; nothing is under way unless the lane is open; a closed lane takes
/// nothing and never opens again. Owned by the lane, which carries out the actions in their order.
class applier {
public:
    using time_point = std::chrono::steady_clock::time_point;

    applier(group_options group, fence_record held);
    applier(const applier&) = delete;
    applier& operator=(const applier&) = delete;

    lane_actions start();
    lane_actions submit(lane_write what, time_point now);

    /// Answers what is too late and begins the next batch where one can begin.
    lane_actions begin(time_point now);

    /// There is a connection, and the fence answered so over it.
    lane_actions connected(const fence_answer& fence, time_point now);

    /// The connection was lost, or could not be made.
    lane_actions lost(error why, time_point now);
    lane_actions reconnect();

    /// What the database answered to the oldest round without an answer.
    lane_actions replied(std::vector<reply> replies, time_point now);

    /// The last round is without an answer for longer than a server that is alive takes for a short question. A batch
    /// may rightly take long: whether its server hangs is asked over another connection.
    lane_actions silent();
    lane_actions probed(std::uint64_t asked_at, const result<>& alive, time_point now);

    /// The ledger is to be swept before the next batch.
    lane_actions sweep();

    /// Hands queued writes back, finishes what is under way, closes, and then says `drained`.
    lane_actions drain(time_point now);
    lane_actions close(time_point now);

    const group_options& group() const noexcept { return group_; }
    const fence_record& held() const noexcept { return held_; }
    lane_state state() const noexcept { return state_; }
    std::size_t queued() const noexcept { return batches_.queued(); }
    std::size_t in_flight() const noexcept { return batches_.in_flight(); }
    std::chrono::milliseconds expected_wait() const { return batches_.expected_wait(); }
    const lane_counters& counters() const noexcept { return counters_; }

private:
    lane_actions take();
    void connect();
    void on_ended(const batcher::ended& what, time_point now);
    void lose(error why, time_point now);
    void shut(time_point now);

    group_options group_;
    fence_record held_;
    lane_outbox out_;
    lane_counters counters_;
    batcher batches_;
    lane_state state_ = lane_state::connecting;
    backoff reconnects_;
    std::string trouble_;  ///< Why there is no connection; empty while there is one.
    bool draining_ = false;
};

}  // namespace penholder::lane
