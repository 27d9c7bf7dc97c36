#pragma once

#include "base/backoff.hpp"
#include "batcher.hpp"
#include "connection_id.hpp"
#include "intake.hpp"
#include "lane_outbox.hpp"
#include "lane_write.hpp"
#include "ledger/fingerprint.hpp"
#include "lock_waits.hpp"
#include "model/fence_record.hpp"
#include "opened.hpp"
#include "plain_shapes.hpp"
#include "session_pool.hpp"
#include "sql/plainness.hpp"

#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::lane {

/// Decides for one term's two ways to the database: the lane, whose one connection applies batches of plain writes, and
/// the sessions, each of which runs one other write at a time. Connections are made, lost and made again; both ways are
/// drained and closed together. What goes over the lane is its batcher's, what over the sessions is their pool's.
///
/// Events in, actions out: no socket, clock, thread or lock, and every event is legal at every moment. What always
/// holds: a submitted write is answered exactly once, and its id is under way once at most, on either way; nothing is
/// under way before the lane's first connection has raised the fence; only what is plain by the catalogue as the lane
/// knows it takes the lane; a closed applier takes nothing and never opens again. Owned by the lane's shell, which
/// carries out the actions in their order.
class applier {
public:
    using time_point = std::chrono::steady_clock::time_point;

    applier(group_options group, fence_record held);
    applier(const applier&) = delete;
    applier& operator=(const applier&) = delete;

    /// By which decisions are dated from now on.
    void set_clock(const wall_clock& clock) noexcept { intake_.set_clock(clock); }

    lane_actions start();
    lane_actions submit(lane_write what, time_point now);

    /// Answers what is too late and begins what can begin.
    lane_actions begin(time_point now);

    /// There is a connection, and what it has read.
    lane_actions connected(connection_id which, const opened& seen, time_point now);

    /// The connection was lost, or could not be made.
    lane_actions lost(connection_id which, error why, time_point now);
    lane_actions reconnect(connection_id which);

    /// What the database answered to the oldest round without an answer.
    lane_actions replied(connection_id which, std::vector<reply> replies, time_point now);

    /// The server that all connections are to has been left behind by another: nothing more is written there.
    lane_actions left_behind(const error& why, time_point now);

    /// The last round is without an answer for longer than a server that is alive takes for a short question. A
    /// transaction may rightly take long: whether its server hangs is asked over another connection.
    lane_actions silent(connection_id which);
    lane_actions waits(connection_id which);  ///< What this and the next are for: see lock_waits.
    lane_actions blocked(connection_id which, std::uint64_t asked_at, std::optional<lock_holder> by, time_point now);
    lane_actions probed(connection_id which, std::uint64_t asked_at, const result<>& alive, time_point now);

    /// What the catalogue says of this shape, or why it could not be asked.
    lane_actions judged(const std::string& shape, result<sql::judgement> what, time_point now);

    /// The ledger is to be swept before the next batch.
    lane_actions sweep();

    /// Hands queued writes back, finishes what is under way, closes, and then says `drained`.
    lane_actions drain(time_point now);
    lane_actions close(time_point now);

    /// Whether a write of that id was taken and not answered, on either way.
    bool holds(const std::string& id) const { return intake_.holds(id); }
    const group_options& group() const noexcept { return group_; }
    const fence_record& held() const noexcept { return held_; }
    lane_state state() const noexcept { return state_; }  ///< The lane's.
    std::size_t queued() const noexcept { return batches_.queued() + sessions_.queued(); }
    std::size_t in_flight() const noexcept { return batches_.in_flight() + sessions_.in_flight(); }
    std::vector<lock_wait> waiting() const { return lock_waits::of(sessions_.all()); }
    std::chrono::milliseconds expected_wait() const { return batches_.expected_wait(); }
    const lane_counters& counters() const noexcept { return counters_; }

    /// Why writes are not applied though the database can be reached, where that has lasted for some seconds.
    std::optional<std::string> outage(time_point now) const { return intake_.outage(now); }

    /// Why the ledger's last sweep failed; empty where it did not.
    const std::string& sweep_trouble() const noexcept { return intake_.sweep_trouble(); }

private:
    lane_actions take();
    void connect();
    void on_lane_connected(const opened& seen, time_point now);
    void on_lane_ended(const batcher::ended& what, time_point now);
    void lose_lane(error why, time_point now);
    void renew_lane(time_point now);
    plain_shapes::found way_of(const queued_write& one, time_point now);
    void send_on(queued_write one, plain_shapes::found way, time_point now);
    void look_again(time_point now);
    void to_session(queued_write one, const std::string& why, time_point now);
    void move_apart(time_point now);
    void forget_shapes();
    void on_other_catalogue(time_point now);
    void tell_catalogue_changed();
    void hand_back_queues(const std::string& message);
    void settle_draining(time_point now);
    void fall(std::optional<fence_record> by, time_point now);
    void shut(time_point now);

    group_options group_;
    fence_record held_;
    lane_outbox out_;
    lane_counters counters_;
    intake intake_;
    plain_shapes shapes_;
    batcher batches_;
    session_pool sessions_;
    lock_waits locks_;
    ledger::fingerprints fingerprints_;
    lane_state state_ = lane_state::connecting;
    backoff reconnects_;
    trouble trouble_;      ///< Why the lane has no connection; empty while it has one.
    bool raised_ = false;  ///< The fence, by the lane's first connection.
    bool draining_ = false;
};

}  // namespace penholder::lane
