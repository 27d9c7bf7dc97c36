// The lane's connection: made, lost and made again; drained and closed.
#include "applier.hpp"
#include "base/mutation.hpp"

namespace penholder::lane {

/// The fence is raised with every connection. For the term held already this changes nothing, but it waits until no
/// transaction of an earlier connection can commit any more; and on a server that was promoted without its last
/// transactions it brings the fence back to where it was.
void applier::connect() {
    state_ = lane_state::connecting;
    out_.push_back(action::connect{counters_.connects == 0 || !mutated(mutation::fence_not_raised_again)});
}

lane_actions applier::reconnect() {
    if (state_ == lane_state::connecting) connect();
    return take();
}

lane_actions applier::connected(const fence_answer& fence, time_point now) {
    if (state_ != lane_state::connecting || connected_) return take();
    connected_ = true;
    if (!fence.raised) {
        shut(now);
        out_.push_back(action::fenced{fence.record});
        return take();
    }
    reconnects_.reset();
    trouble_.clear();
    if (!mutated(mutation::stale_ledger_cache)) origins_.clear();
    ++counters_.connects;
    state_ = lane_state::open;
    out_.push_back(action::opened{});
    wake();
    return take();
}

lane_actions applier::lost(error why, time_point now) {
    if (state_ != lane_state::closed) lose(std::move(why), now);
    return take();
}

void applier::lose(error why, time_point now) {
    state_ = lane_state::connecting;
    connected_ = false;
    const bool repeated = std::exchange(trouble_, why.message) == why.message;
    out_.push_back(action::disconnect{});
    out_.push_back(action::lost{std::move(why), repeated});
    lose_batches(now);
    if (state_ != lane_state::closed) out_.push_back(action::reconnect_after{reconnects_.next()});
}

lane_actions applier::silent() {
    if (batch_ && connected_) out_.push_back(action::probe{round_});
    return take();
}

lane_actions applier::probed(std::uint64_t asked_at, const result<>& alive, time_point now) {
    if (asked_at != round_ || !batch_ || !connected_) return take();
    if (!alive) {
        lose({errc::database_unreachable, "a batch has no answer and a new connection fails: " + alive.error().message},
             now);
    } else if (now >= batch_limit_) {
        lose({errc::database_unreachable,
              "a batch has no answer though all its time-outs have ended; look for its backend in pg_stat_activity"},
             now);
    }
    return take();
}

void applier::lose_batches(time_point now) {
    abandon_next_batch(now);
    unheeded_rounds_ = 0;
    if (!batch_) return;
    batch_->on_lost();
    finish_batch(now);
}

lane_actions applier::drain(time_point now) {
    if (state_ == lane_state::closed) {
        out_.push_back(action::drained{});
        return take();
    }
    draining_ = true;
    hand_back_queue(errc::not_leader, "this node is giving up leadership");
    if (!batch_) shut(now);
    return take();
}

lane_actions applier::close(time_point now) {
    if (state_ != lane_state::closed) shut(now);
    return take();
}

void applier::shut(time_point now) {
    state_ = lane_state::closed;
    connected_ = false;
    out_.push_back(action::disconnect{});
    lose_batches(now);
    hand_back_queue(errc::not_leader, "this node leads no longer");
    if (draining_) out_.push_back(action::drained{});
}

}  // namespace penholder::lane
