#include "lane_core.hpp"

#include "base/log.hpp"
#include "fingerprint.hpp"
#include "screening.hpp"

#include <boost/asio/post.hpp>

namespace penholder::postgres {
namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto sweep_interval = 60s;
constexpr auto conflict_pause = 5ms;
constexpr auto longest_conflict_pause = 200ms;

steady::duration pause_after(int tries) {
    return std::min<steady::duration>(longest_conflict_pause, conflict_pause * (1 << std::min(tries, 6)));
}

}  // namespace

lane_core::lane_core(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers, group_options group,
                     fence_record held, lane_events events)
    : executor_(std::move(executor)),
      workers_(workers),
      group_(std::move(group)),
      held_(std::move(held)),
      events_(std::move(events)),
      clock_(executor_),
      reconnect_(executor_),
      sweep_(executor_),
      backoff_(20ms, 1000ms, held_.term.value) {}

void lane_core::start(std::optional<fenced_connection> ready) {
    if (ready) {
        on_connected(std::move(*ready));
    } else {
        connect();
    }
    schedule_sweep();
}

void lane_core::submit(lane_write what) {
    queued_write one{.what = std::move(what), .fingerprint = {}};
    const auto refuse = [this, &one](write_verdict verdict, error why) {
        boost::asio::post(executor_, [done = std::move(one.what.done), answer = undecided(verdict, std::move(why))] {
            done(answer);
        });
    };
    if (state_ == lane_state::closed || draining_) {
        return refuse(write_verdict::handed_back, {errc::not_leader, "this lane is closed"});
    }
    const auto needs = screen(*one.what.what);
    if (!needs) return refuse(write_verdict::handed_back, needs.error());
    if (ids_.contains(one.what.id)) {
        return refuse(write_verdict::in_flight, {errc::in_flight, one.what.id + " is being applied at this moment"});
    }
    if (queue_.size() >= group_.queue_max_writes) {
        ++counters_.overloaded;
        return refuse(write_verdict::handed_back,
                      {errc::overloaded, "the lane's queue is full; try again a little later"});
    }
    one.alone = needs->alone;
    if (!one.what.given) one.fingerprint = fingerprint(*one.what.what);
    ids_.insert(one.what.id);
    look_again_for(one, steady::now());
    queue_.push_back(std::move(one));
    wake();
}

/// Batches begin in a handler of their own, so that all writes submitted by one share a batch.
void lane_core::wake() {
    if (std::exchange(waking_, true)) return;
    boost::asio::post(executor_, [self = shared_from_this()] {
        self->waking_ = false;
        self->next_batch();
    });
}

void lane_core::next_batch() {
    expire();
    if (state_ != lane_state::open || batch_) return;
    if (std::exchange(sweep_due_, false)) return start_batch({});
    auto writes = take_batch();
    if (!writes.empty()) start_batch(std::move(writes));
}

/// As many as may share a batch, in order; those that wait after a conflict are passed over, and those that must be
/// alone go alone.
std::vector<queued_write> lane_core::take_batch() {
    std::vector<queued_write> taken;
    const auto now = steady::now();
    for (auto at = queue_.begin(); at != queue_.end() && taken.size() < group_.batch_max_writes;) {
        if (at->not_before > now) {
            ++at;
            continue;
        }
        if (at->alone && !taken.empty()) break;
        const bool alone = at->alone;
        taken.push_back(std::move(*at));
        at = queue_.erase(at);
        if (alone) break;
    }
    return taken;
}

void lane_core::start_batch(std::vector<queued_write> writes) {
    const batch_settings settings{group_.name, held_.term, group_.statement_timeout_max_ms, group_.key_retention_s,
                                  group_.origin_retention_s};
    batch_.emplace(settings, std::move(writes), origins_);
    pipeline_->send(batch_->begin(steady::now()));
}

void lane_core::on_replies(std::vector<reply> replies) {
    if (!batch_) return;
    if (auto next = batch_->on_replies(std::move(replies), steady::now())) {
        pipeline_->send(std::move(*next));
    } else {
        finish_batch();
    }
}

void lane_core::finish_batch() {
    auto done = std::move(*batch_);
    batch_.reset();
    if (!done.committed()) origins_.clear();
    counters_.careful_batches += done.careful() ? 1 : 0;
    if (done.committed() && done.size() > 0) {
        if (counters_.batches++ == 0 && events_.on_first_commit) {
            boost::asio::post(executor_, events_.on_first_commit);
        }
        counters_.batched_writes += done.size();
    }
    std::vector<queued_write> again;
    for (std::size_t index = 0; index < done.size(); ++index) {
        auto& one = done.write_at(index);
        if (done.answer(index)) {
            answer(one, *done.answer(index));
        } else {
            again.push_back(std::move(one));
        }
    }
    if (done.committed() || !done.needs_reconnect()) {
        for (auto& one : again) one.not_before = steady::now() + pause_after(one.tries++);
    }
    requeue(std::move(again));
    if (done.fenced()) return on_fenced();
    if (draining_) return finish_drain();
    if (done.needs_reconnect() && pipeline_)
        return on_lost({errc::database_unreachable, "the connection is not fit for use"});
    wake();
}

void lane_core::requeue(std::vector<queued_write> again) {
    const auto now = steady::now();
    for (auto one = again.rbegin(); one != again.rend(); ++one) {
        look_again_for(*one, now);
        queue_.push_front(std::move(*one));
    }
}

void lane_core::schedule_sweep() {
    sweep_.expires_after(sweep_interval);
    sweep_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (failed || !self || self->state_ == lane_state::closed) return;
        self->sweep_due_ = true;
        self->wake();
        self->schedule_sweep();
    });
}

void lane_core::answer(queued_write& one, write_answer given) {
    ids_.erase(one.what.id);
    if (given.verdict == write_verdict::handed_back && one.doubtful) {
        given = undecided(write_verdict::in_doubt,
                          {errc::outcome_unknown,
                           "its COMMIT was sent and not answered: ask again with the write id " + one.what.id});
    }
    if (given.verdict == write_verdict::decided) {
        counters_.replayed += given.receipt.replayed ? 1 : 0;
        counters_.committed += !given.receipt.replayed && given.receipt.outcome == outcome::committed ? 1 : 0;
        counters_.rejected += !given.receipt.replayed && given.receipt.outcome == outcome::rejected ? 1 : 0;
    }
    counters_.in_doubt += given.verdict == write_verdict::in_doubt ? 1 : 0;
    boost::asio::post(
        executor_, [done = std::move(one.what.done), given = std::move(given)]() mutable { done(std::move(given)); });
}

void lane_core::hand_back(queued_write& one, errc code, std::string message) {
    answer(one, undecided(write_verdict::handed_back, {code, std::move(message)}));
}

void lane_core::hand_back_queue(errc code, const std::string& message) {
    auto queue = std::exchange(queue_, {});
    for (auto& one : queue) hand_back(one, code, message);
}

void lane_core::expire() {
    const auto now = steady::now();
    if (now < next_look_) return;
    std::deque<queued_write> rest;
    for (auto& one : queue_) {
        if (one.what.deadline > now) {
            rest.push_back(std::move(one));
        } else {
            hand_back(one, errc::deadline_expired,
                      "the deadline ended before the write was applied" + (trouble_.empty() ? "" : ": " + trouble_));
        }
    }
    queue_ = std::move(rest);
    next_look_ = steady::time_point::max();
    for (const auto& one : queue_) look_again_for(one, now);
}

/// The queue is looked through at its first deadline, or when the first write may be tried again, and not before.
void lane_core::look_again_for(const queued_write& one, steady::time_point now) {
    const auto when = one.not_before > now ? std::min(one.not_before, one.what.deadline) : one.what.deadline;
    if (when >= next_look_) return;
    next_look_ = when;
    clock_.expires_at(when);
    clock_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (!failed && self) self->next_batch();
    });
}

void lane_core::drain(std::function<void()> done) {
    if (state_ == lane_state::closed) {
        boost::asio::post(executor_, std::move(done));
        return;
    }
    draining_ = true;
    drained_ = std::move(done);
    hand_back_queue(errc::not_leader, "this node is giving up leadership");
    if (!batch_) finish_drain();
}

void lane_core::finish_drain() {
    auto done = std::exchange(drained_, {});
    close();
    if (done) boost::asio::post(executor_, std::move(done));
}

void lane_core::close() {
    if (std::exchange(state_, lane_state::closed) == lane_state::closed) return;
    events_ = {};
    clock_.cancel();
    reconnect_.cancel();
    sweep_.cancel();
    if (pipeline_) pipeline_->close();
    pipeline_.reset();
    if (batch_) {
        batch_->on_lost();
        draining_ = true;
        finish_batch();
    }
    hand_back_queue(errc::not_leader, "this node leads no longer");
    if (auto done = std::exchange(drained_, {})) boost::asio::post(executor_, std::move(done));
}

}  // namespace penholder::postgres
