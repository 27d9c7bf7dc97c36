#include "applier.hpp"

#include "base/mutation.hpp"
#include "ledger/fingerprint.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

using namespace std::chrono_literals;

constexpr auto conflict_pause = 5ms;
constexpr auto longest_conflict_pause = 200ms;
constexpr int wary_batches = 50;
constexpr std::size_t enough_for_next_batch = 32;

/// About what the leader and its followers do for a write between its answer and the next one's place in the queue.
constexpr auto work_for_a_write = 12us;
constexpr auto slow_commit = 1ms;

std::chrono::milliseconds pause_after(int tries) {
    return std::min<std::chrono::milliseconds>(longest_conflict_pause, conflict_pause * (1 << std::min(tries, 6)));
}

}  // namespace

applier::applier(group_options group, fence_record held)
    : group_(std::move(group)),
      held_(std::move(held)),
      forecast_(group_.batch_max_writes),
      reconnects_(20ms, 1000ms, held_.term.value) {}

lane_actions applier::start() {
    connect();
    return take();
}

lane_actions applier::submit(lane_write what, time_point now) {
    if (state_ == lane_state::closed || draining_) {
        refuse(what.ticket, write_verdict::handed_back, {errc::not_leader, "this lane is closed"});
        return take();
    }
    const auto& id = what.what.id().text();
    if (ids_.contains(id) && !mutated(mutation::twin_admitted)) {
        refuse(what.ticket, write_verdict::in_flight, {errc::in_flight, id + " is being applied at this moment"});
    } else if (auto why = full(what.what.bytes()); why && !mutated(mutation::queue_unbounded)) {
        ++counters_.overloaded;
        refuse(what.ticket, write_verdict::handed_back, std::move(*why));
    } else {
        queued_write one{.taken = std::move(what)};
        one.alone = one.taken.what.alone();
        if (!one.given()) one.fingerprint = ledger::fingerprint(one.taken.what.what());
        ids_.insert(one.id());
        bytes_ += one.taken.what.bytes();
        look_again_for(one, now);
        queue_.push_back(std::move(one));
        wake();
    }
    return take();
}

/// Why one more write must not wait here, if so. What fits the next batch is never kept out by the time that it would
/// take, and one write alone is always taken, however large it is.
std::optional<error> applier::full(std::size_t bytes) const {
    const auto overloaded = [](const std::string& why) {
        return error{errc::overloaded, "the leader has more writes than its database takes: " + why +
                                           "; nothing was sent, try again later"};
    };
    if (queue_.size() >= group_.queue_max_writes) return overloaded(std::to_string(queue_.size()) + " wait");
    if (!ids_.empty() && bytes_ + bytes > group_.queue_max_bytes) {
        return overloaded("those that wait take " + std::to_string(bytes_) + " bytes");
    }
    if (queue_.size() < group_.batch_max_writes) return std::nullopt;
    const auto wait = expected_wait();
    const auto at_worst = wait + wait / 8;  // Batches differ.
    if (at_worst.count() <= group_.queue_time_max_ms) return std::nullopt;
    return overloaded("one more would be answered in about " + std::to_string(wait.count()) +
                      " ms, queue_time_max_ms is " + std::to_string(group_.queue_time_max_ms));
}

std::chrono::milliseconds applier::expected_wait() const {
    const auto all = in_flight() + queue_.size() + 1;
    return std::chrono::duration_cast<std::chrono::milliseconds>(forecast_.wait(all));
}

void applier::refuse(ticket whose, write_verdict verdict, error why) {
    put_answer(whose, undecided(verdict, std::move(why)));
}

/// Answers that follow each other go out together.
void applier::put_answer(ticket whose, write_answer said) {
    if (out_.empty() || !std::holds_alternative<action::answers>(out_.back())) out_.push_back(action::answers{});
    std::get<action::answers>(out_.back()).all.push_back({whose, std::move(said)});
}

void applier::wake() {
    if (!std::exchange(waking_, true)) out_.push_back(action::begin_soon{});
}

lane_actions applier::begin(time_point now) {
    waking_ = false;
    expire(now);
    if (state_ != lane_state::open) return take();
    if (batch_) {
        start_next_batch(now);
    } else if (std::exchange(sweep_due_, false)) {
        start_batch({}, now);
    } else if (now >= gather_until_ || queue_.size() >= gathering_) {
        gathering_ = 0;
        if (auto writes = take_batch(now); !writes.empty()) start_batch(std::move(writes), now);
    }
    return take();
}

/// Who was just answered will often write again at once. Where a COMMIT takes long, those who come too late for a batch
/// wait for two; so the next batch waits for them for a quarter of that time at most.
void applier::gather(std::size_t answered, time_point now) {
    const auto both = queue_.size() + answered;
    gathering_ = 0;
    if (queue_.size() >= group_.batch_max_writes) return;
    const bool others_take_longer = commit_time_ < static_cast<double>(both) * work_for_a_write;
    if (commit_time_ < slow_commit || others_take_longer) return;
    gathering_ = std::min(both, group_.batch_max_writes);
    gather_until_ = now + std::chrono::duration_cast<time_point::duration>(commit_time_ / 4);
    look_again_at(gather_until_);
}

/// As many as may share a batch, in order; those that wait after a conflict are passed over, and those that must be
/// alone go alone.
std::vector<queued_write> applier::take_batch(time_point now) {
    std::vector<queued_write> taken;
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

batch_settings applier::settings() const {
    return {group_.name, held_.term, group_.statement_timeout_max_ms, group_.key_retention_s, group_.origin_retention_s,
            wary_ > 0};
}

/// A next batch now splits what could share one batch as soon as this COMMIT is answered. Its own COMMIT then has to
/// wait for this one, but the writes are sent while the leader deals with this one's answers. So it pays where a COMMIT
/// takes less than that does, and where they fill a batch anyway.
bool applier::next_batch_pays() const {
    const auto waiting = queue_.size();
    if (waiting >= group_.batch_max_writes) return true;
    return waiting >= enough_for_next_batch && commit_time_ < static_cast<double>(waiting) * work_for_a_write;
}

/// Its record of the ledger is made when the batch before it has committed, so it cannot go in one round.
void applier::start_next_batch(time_point now) {
    if (next_batch_ || draining_ || sweep_due_ || !batch_->closing() || !next_batch_pays()) return;
    auto writes = take_batch(now);
    if (writes.empty()) return;
    note_limit(writes, now);
    next_batch_.emplace(settings(), std::move(writes), origins_);
    send(next_batch_->begin(now));
}

/// The batch before it did not commit, so this one must not: it waits for another turn.
void applier::abandon_next_batch(time_point now) {
    if (!next_batch_) return;
    std::vector<queued_write> again;
    for (std::size_t index = 0; index < next_batch_->size(); ++index) {
        again.push_back(std::move(next_batch_->write_at(index)));
    }
    next_batch_.reset();
    ++unheeded_rounds_;
    requeue(std::move(again), now);
}

void applier::start_batch(std::vector<queued_write> writes, time_point now) {
    note_limit(writes, now);
    batch_.emplace(settings(), std::move(writes), origins_, &notes_);
    batch_began_ = now;
    auto first = batch_->begin(now);
    if (mutated(mutation::acknowledge_before_commit)) acknowledge_early();
    send(std::move(first));
}

/// When even a server that answers others has had its time for what is under way.
void applier::note_limit(const std::vector<queued_write>& writes, time_point now) {
    auto last_deadline = now;
    for (const auto& one : writes) last_deadline = std::max(last_deadline, one.deadline());
    batch_limit_ = std::max(batch_limit_, last_deadline + std::chrono::milliseconds(group_.statement_timeout_max_ms));
}

void applier::send(round commands) {
    ++round_;
    out_.push_back(action::send{std::move(commands)});
}

lane_actions applier::replied(std::vector<reply> replies, time_point now) {
    if (!batch_ || !connected_) return take();
    if (unheeded_rounds_ > 0) {
        --unheeded_rounds_;
    } else if (auto next = batch_->on_replies(std::move(replies), now)) {
        if (mutated(mutation::acknowledge_before_commit)) acknowledge_early();
        abandon_next_batch(now);
        if (batch_->closing()) closing_began_ = now;
        send(std::move(*next));
        start_next_batch(now);
    } else {
        finish_batch(now);
    }
    return take();
}

void applier::acknowledge_early() {
    for (std::size_t index = 0; index < batch_->size(); ++index) {
        if (auto early = batch_->premature_receipt(index)) {
            put_answer(batch_->write_at(index).taken.ticket, decided(std::move(*early)));
        }
    }
}

/// Of a batch that went in one round its COMMIT is most of it.
void applier::note_commit_time(time_point now) {
    const auto closing = std::exchange(closing_began_, time_point());
    if (!batch_->committed()) return;
    const std::chrono::duration<double> took = now - std::max(closing, batch_began_);
    commit_time_ += (took - commit_time_) / 8;
}

void applier::finish_batch(time_point now) {
    note_commit_time(now);
    auto done = std::move(*batch_);
    batch_.reset();
    if (next_batch_) batch_.emplace(std::move(*next_batch_));
    next_batch_.reset();
    if (!done.committed() && !mutated(mutation::stale_ledger_cache)) origins_.clear();
    if (!done.needs_reconnect()) forecast_.took(done.size(), now - batch_began_);
    batch_began_ = now;
    counters_.careful_batches += done.careful() ? 1 : 0;
    wary_ = done.stumbled() || done.careful() ? wary_batches : std::max(wary_ - 1, 0);
    if (done.committed() && done.size() > 0) {
        if (counters_.batches++ == 0) out_.push_back(action::first_commit{});
        counters_.batched_writes += done.size();
    }
    std::vector<queued_write> again;
    for (std::size_t index = 0; index < done.size(); ++index) {
        auto& one = done.write_at(index);
        if (auto given = done.take_answer(index)) {
            answer(one, std::move(*given));
        } else {
            again.push_back(std::move(one));
        }
    }
    if (done.committed() || !done.needs_reconnect()) {
        for (auto& one : again) one.not_before = now + pause_after(one.tries++);
    }
    requeue(std::move(again), now);
    if (state_ == lane_state::closed) return;
    if (done.fenced()) {
        shut(now);
        if (!draining_) out_.push_back(action::fenced{});
    } else if (draining_ && !batch_) {
        shut(now);
    } else if (done.needs_reconnect() && connected_) {
        lose({errc::database_unreachable, "the connection is not fit for use"}, now);
    } else {
        if (!batch_) gather(done.size(), now);
        wake();
    }
}

void applier::requeue(std::vector<queued_write> again, time_point now) {
    for (auto one = again.rbegin(); one != again.rend(); ++one) {
        look_again_for(*one, now);
        queue_.push_front(std::move(*one));
    }
}

lane_actions applier::sweep() {
    if (state_ == lane_state::closed) return take();
    sweep_due_ = true;
    wake();
    return take();
}

void applier::answer(queued_write& one, write_answer given) {
    ids_.erase(one.id());
    bytes_ -= one.taken.what.bytes();
    if (given.verdict == write_verdict::handed_back && one.doubtful) {
        given = undecided(
            write_verdict::in_doubt,
            {errc::outcome_unknown, "its COMMIT was sent and not answered: ask again with the write id " + one.id()});
    }
    if (given.verdict == write_verdict::decided) {
        counters_.replayed += given.receipt.replayed ? 1 : 0;
        counters_.committed += !given.receipt.replayed && given.receipt.outcome == outcome::committed ? 1 : 0;
        counters_.rejected += !given.receipt.replayed && given.receipt.outcome == outcome::rejected ? 1 : 0;
    }
    counters_.in_doubt += given.verdict == write_verdict::in_doubt ? 1 : 0;
    put_answer(one.taken.ticket, std::move(given));
}

void applier::hand_back(queued_write& one, errc code, std::string message) {
    answer(one, undecided(write_verdict::handed_back, {code, std::move(message)}));
}

void applier::hand_back_queue(errc code, const std::string& message) {
    auto queue = std::exchange(queue_, {});
    for (auto& one : queue) hand_back(one, code, message);
}

void applier::expire(time_point now) {
    if (now < next_look_) return;
    std::deque<queued_write> rest;
    for (auto& one : queue_) {
        if (one.deadline() > now) {
            rest.push_back(std::move(one));
        } else {
            hand_back(one, errc::deadline_expired,
                      "the deadline ended before the write was applied" + (trouble_.empty() ? "" : ": " + trouble_));
        }
    }
    queue_ = std::move(rest);
    next_look_ = time_point::max();
    for (const auto& one : queue_) look_again_for(one, now);
}

/// The queue is looked through at its first deadline, or when the first write may be tried again, and not before.
void applier::look_again_for(const queued_write& one, time_point now) {
    look_again_at(one.not_before > now ? std::min(one.not_before, one.deadline()) : one.deadline());
}

void applier::look_again_at(time_point when) {
    if (when >= next_look_) return;
    next_look_ = when;
    out_.push_back(action::begin_at{when});
}

}  // namespace penholder::lane
