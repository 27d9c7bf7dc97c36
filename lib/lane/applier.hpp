#pragma once

#include "base/backoff.hpp"
#include "batch.hpp"
#include "lane_action.hpp"
#include "lane_write.hpp"
#include "model/fence_record.hpp"
#include "queue_forecast.hpp"

#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace penholder::lane {

/// Decides for one lane: which writes share a batch and when it begins, what follows from what the database said, when
/// to connect again, and how each write is answered. One connection, under one term. While many writes wait, the next
/// batch is begun behind the COMMIT of the one before it; if that fails, the next one is abandoned, for it must not be
/// the first to commit. Events in, actions out: no socket, clock, thread or lock, and every event is legal at every
/// moment. Owned by the lane, which carries out the actions.
class applier {
public:
    using time_point = std::chrono::steady_clock::time_point;

    applier(group_options group, fence_record held);

    lane_actions start();
    lane_actions submit(lane_write what, time_point now);

    /// Answers what is too late and begins the next batch where one can begin.
    lane_actions begin(time_point now);

    /// There is a connection, and the fence answered so over it.
    lane_actions connected(const fence_answer& fence, time_point now);

    /// The connection was lost, or could not be made.
    lane_actions lost(error why, time_point now);
    lane_actions reconnect();

    /// What the database answered to the last round.
    lane_actions replied(std::vector<reply> replies, time_point now);

    /// The last round is without an answer for longer than a server that is alive takes for a short question. A batch
    /// may rightly take long: whether its server hangs is asked over another connection.
    lane_actions silent();
    lane_actions probed(std::uint64_t asked_at, const result<>& alive, time_point now);

    /// The ledger is to be swept with the next batch.
    lane_actions sweep();

    /// Hands queued writes back, finishes the batch in flight, closes, and then says `drained`.
    lane_actions drain(time_point now);
    lane_actions close(time_point now);

    const group_options& group() const noexcept { return group_; }
    const fence_record& held() const noexcept { return held_; }
    lane_state state() const noexcept { return state_; }
    std::size_t queued() const noexcept { return queue_.size(); }
    std::size_t in_flight() const noexcept {
        return (batch_ ? batch_->size() : 0) + (next_batch_ ? next_batch_->size() : 0);
    }
    std::chrono::milliseconds expected_wait() const;  ///< Of a write that came now, for its answer.
    const lane_counters& counters() const noexcept { return counters_; }

private:
    lane_actions take() { return std::exchange(out_, {}); }
    void refuse(ticket whose, write_verdict verdict, error why);
    void put_answer(ticket whose, write_answer said);
    std::optional<error> full(std::size_t bytes) const;
    void send(round commands);
    void note_limit(const std::vector<queued_write>& writes, time_point now);
    void wake();
    void connect();
    void lose(error why, time_point now);
    void shut(time_point now);

    std::vector<queued_write> take_batch(time_point now);
    batch_settings settings() const;
    void start_batch(std::vector<queued_write> writes, time_point now);
    bool next_batch_pays() const;
    void gather(std::size_t answered, time_point now);
    void start_next_batch(time_point now);
    void abandon_next_batch(time_point now);
    void lose_batches(time_point now);
    void note_commit_time(time_point now);
    void finish_batch(time_point now);
    void requeue(std::vector<queued_write> again, time_point now);
    void acknowledge_early();

    void answer(queued_write& one, write_answer given);
    void hand_back(queued_write& one, errc code, std::string message);
    void hand_back_queue(errc code, const std::string& message);
    void expire(time_point now);
    void look_again_for(const queued_write& one, time_point now);
    void look_again_at(time_point when);

    group_options group_;
    fence_record held_;
    lane_state state_ = lane_state::connecting;
    lane_counters counters_;
    std::deque<queued_write> queue_;
    std::unordered_set<std::string> ids_;  ///< Of writes that wait or are in the batch.
    std::size_t bytes_ = 0;                ///< Theirs.
    queue_forecast forecast_;
    origin_cache origins_;
    statement_notes notes_;
    int wary_ = 0;  ///< For so many batches more a failure is to be expected.
    std::optional<batch> batch_;
    std::optional<batch> next_batch_;  ///< Begun behind the COMMIT of `batch_`.
    int unheeded_rounds_ = 0;          ///< Answers still to come to what was abandoned.
    time_point batch_began_{};
    time_point closing_began_{};
    std::chrono::duration<double> commit_time_{0};  ///< What the COMMITs of late took, smoothed.
    std::size_t gathering_ = 0;                     ///< A batch of so many is worth waiting for,
    time_point gather_until_{};                     ///< until then.
    time_point batch_limit_{};                      ///< When even a server that answers others has had its time.
    std::uint64_t round_ = 0;                       ///< The last that was sent.
    backoff reconnects_;
    time_point next_look_ = time_point::max();
    std::string trouble_;
    bool connected_ = false;
    bool draining_ = false;
    bool waking_ = false;
    bool sweep_due_ = false;
    lane_actions out_;
};

}  // namespace penholder::lane
