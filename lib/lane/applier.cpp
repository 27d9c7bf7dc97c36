#include "applier.hpp"

#include <cassert>
#include <utility>

namespace penholder::lane {

using namespace std::chrono_literals;

applier::applier(group_options group, fence_record held)
    : group_(std::move(group)),
      held_(std::move(held)),
      batches_(group_, held_.term, out_, counters_),
      reconnects_(20ms, 1000ms, held_.term.value) {}

lane_actions applier::take() {
    out_.wake_at(batches_.due());
    return out_.take();
}

lane_actions applier::start() {
    connect();
    return take();
}

/// The fence is raised with every connection. For the term held already this changes nothing, but it waits until no
/// transaction of an earlier connection can commit any more; and on a server that was promoted without its last
/// transactions it brings the fence back to where it was.
void applier::connect() {
    assert(state_ == lane_state::connecting && !batches_.is_busy());
    out_.push(action::connect{});
}

lane_actions applier::reconnect() {
    if (state_ == lane_state::connecting) connect();
    return take();
}

lane_actions applier::connected(const fence_answer& fence, time_point now) {
    if (state_ != lane_state::connecting) return take();
    if (!fence.raised) {
        shut(now);
        out_.push(action::fenced{fence.record});
        return take();
    }
    reconnects_.reset();
    trouble_.clear();
    batches_.forget_ledger();
    ++counters_.connects;
    state_ = lane_state::open;
    out_.push(action::opened{});
    out_.wake();
    return take();
}

lane_actions applier::submit(lane_write what, time_point now) {
    if (state_ == lane_state::closed || draining_) {
        out_.answer(what.ticket, undecided(write_verdict::handed_back, {errc::not_leader, "this lane is closed"}));
    } else {
        batches_.submit(std::move(what), now);
    }
    return take();
}

lane_actions applier::begin(time_point now) {
    out_.woke(now);
    batches_.expire(trouble_, now);
    if (state_ == lane_state::open) batches_.begin(now);
    return take();
}

lane_actions applier::replied(std::vector<reply> replies, time_point now) {
    if (state_ != lane_state::open) return take();
    if (const auto ended = batches_.replied(std::move(replies), now)) on_ended(*ended, now);
    return take();
}

void applier::on_ended(const batcher::ended& what, time_point now) {
    if (what.fenced) {
        shut(now);
        if (!draining_) out_.push(action::fenced{});
    } else if (draining_ && !batches_.is_busy()) {
        shut(now);
    } else if (what.needs_reconnect) {
        lose({errc::database_unreachable, "the connection is not fit for use"}, now);
    } else {
        out_.wake();
    }
}

lane_actions applier::lost(error why, time_point now) {
    if (state_ != lane_state::closed) lose(std::move(why), now);
    return take();
}

void applier::lose(error why, time_point now) {
    state_ = lane_state::connecting;
    const bool repeated = std::exchange(trouble_, why.message) == why.message;
    out_.push(action::disconnect{});
    out_.push(action::lost{std::move(why), repeated});
    batches_.lost(now);
    if (draining_) return shut(now);
    out_.wake();
    out_.push(action::reconnect_after{reconnects_.next()});
}

lane_actions applier::silent() {
    if (batches_.is_busy() && state_ == lane_state::open) out_.push(action::probe{batches_.last_round()});
    return take();
}

lane_actions applier::probed(std::uint64_t asked_at, const result<>& alive, time_point now) {
    const bool concerns_us = asked_at == batches_.last_round() && batches_.is_busy() && state_ == lane_state::open;
    if (!concerns_us) return take();
    if (!alive) {
        lose({errc::database_unreachable, "a batch has no answer and a new connection fails: " + alive.error().message},
             now);
    } else if (now >= batches_.limit()) {
        lose({errc::database_unreachable,
              "a batch has no answer though all its time-outs have ended; look for its backend in pg_stat_activity"},
             now);
    }
    return take();
}

lane_actions applier::sweep() {
    if (state_ != lane_state::closed) batches_.sweep();
    return take();
}

lane_actions applier::drain(time_point now) {
    if (state_ == lane_state::closed) {
        out_.push(action::drained{});
        return take();
    }
    draining_ = true;
    batches_.stop();
    batches_.hand_back_queue(errc::not_leader, "this node is giving up leadership");
    if (!batches_.is_busy()) shut(now);
    return take();
}

lane_actions applier::close(time_point now) {
    if (state_ != lane_state::closed) shut(now);
    return take();
}

void applier::shut(time_point now) {
    assert(state_ != lane_state::closed);
    state_ = lane_state::closed;
    out_.push(action::disconnect{});
    batches_.lost(now);
    batches_.hand_back_queue(errc::not_leader, "this node leads no longer");
    if (draining_) out_.push(action::drained{});
}

}  // namespace penholder::lane
