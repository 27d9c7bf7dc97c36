#include "batcher.hpp"

#include "base/backoff.hpp"
#include "ledger/fingerprint.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::lane {
namespace {

using namespace std::chrono_literals;

constexpr auto conflict_pause = 5ms;
constexpr auto longest_conflict_pause = 200ms;
constexpr int batches_after_failure = 50;

}  // namespace

batcher::batcher(const group_options& group, term held, lane_outbox& out, lane_counters& counters)
    : group_(group), held_(held), out_(out), counters_(counters), queue_(group), pacing_(group.batch_max_writes) {}

std::size_t batcher::in_flight() const noexcept {
    return (under_way_.batch ? under_way_.batch->size() : 0) + (under_way_.next ? under_way_.next->size() : 0);
}

// Writes that wait.

void batcher::submit(lane_write what, time_point now) {
    const auto refuse = [&](write_verdict verdict, error why) {
        out_.answer(what.ticket, undecided(verdict, std::move(why)));
    };
    const auto& id = what.what.id().text();
    if (queue_.holds(id)) {
        return refuse(write_verdict::in_flight, {errc::in_flight, id + " is being applied at this moment"});
    }
    if (auto why = queue_.full(what.what.bytes(), in_flight())) {
        ++counters_.overloaded;
        return refuse(write_verdict::handed_back, std::move(*why));
    }
    queued_write one{.taken = std::move(what)};
    one.alone = one.taken.what.alone();
    if (one.given() == nullptr) one.fingerprint = ledger::fingerprint(one.taken.what.what());
    queue_.add(std::move(one), now);
    out_.wake();
}

void batcher::answer(queued_write& one, write_answer given) {
    queue_.release(one);
    if (given.verdict == write_verdict::handed_back && one.doubtful) {
        given = undecided(
            write_verdict::in_doubt,
            {errc::outcome_unknown, "its COMMIT was sent and not answered: ask again with the write id " + one.id()});
    }
    counters_.count(given);
    out_.answer(one.taken.ticket, std::move(given));
}

void batcher::hand_back(std::vector<queued_write> writes, errc code, const std::string& message) {
    for (auto& one : writes) answer(one, undecided(write_verdict::handed_back, {code, message}));
}

void batcher::hand_back_queue(errc code, const std::string& message) {
    hand_back(queue_.take_all(), code, message);
}

void batcher::expire(const std::string& trouble, time_point now) {
    auto expired = queue_.take_expired(now);
    if (expired.empty()) return;
    hand_back(std::move(expired), errc::deadline_expired,
              "the deadline ended before the write was applied" + (trouble.empty() ? "" : ": " + trouble));
}

// What is under way.

void batcher::begin(time_point now) {
    if (stopping_ || under_way_.sweep) return;
    if (under_way_.batch) {
        start_next_batch(now);
    } else if (std::exchange(sweep_due_, false)) {
        start_sweep(now);
    } else if (pacing_.may_begin(queue_.size(), now)) {
        if (auto writes = queue_.take_batch(now); !writes.empty()) start_batch(std::move(writes), now);
    }
}

batch_settings batcher::settings() const {
    return {group_.name,
            held_,
            group_.statement_timeout_max_ms,
            group_.key_retention_s,
            group_.origin_retention_s,
            memory_.expect_failures > 0};
}

void batcher::send(round commands) {
    ++under_way_.round;
    out_.push(action::send{std::move(commands)});
}

void batcher::note_limit(const std::vector<queued_write>& writes, time_point now) {
    auto last_deadline = now;
    for (const auto& one : writes) last_deadline = std::max(last_deadline, one.deadline());
    under_way_.limit =
        std::max(under_way_.limit, last_deadline + std::chrono::milliseconds(group_.statement_timeout_max_ms));
}

void batcher::start_batch(std::vector<queued_write> writes, time_point now) {
    assert(!is_busy());
    note_limit(writes, now);
    pacing_.on_begin(now);
    under_way_.batch.emplace(settings(), std::move(writes), memory_.origins, &memory_.notes);
    auto first = under_way_.batch->begin(now);
    send(std::move(first));
}

/// Its record of the ledger is made when the batch before it has committed, so it cannot go in one round.
void batcher::start_next_batch(time_point now) {
    const bool behind_commit = under_way_.batch->closing() && !under_way_.next;
    if (!behind_commit || stopping_ || sweep_due_ || !pacing_.next_batch_pays(queue_.size())) return;
    auto writes = queue_.take_batch(now);
    if (writes.empty()) return;
    note_limit(writes, now);
    under_way_.next.emplace(settings(), std::move(writes), memory_.origins);
    send(under_way_.next->begin(now));
}

void batcher::start_sweep(time_point now) {
    assert(!is_busy());
    note_limit({}, now);
    under_way_.sweep.emplace(settings());
    send(under_way_.sweep->begin());
}

/// The batch before it did not commit, so this one must not: it waits for another turn.
void batcher::abandon_next_batch(time_point now) {
    if (!under_way_.next) return;
    std::vector<queued_write> again;
    for (std::size_t index = 0; index < under_way_.next->size(); ++index) {
        again.push_back(std::move(under_way_.next->write_at(index)));
    }
    under_way_.next.reset();
    ++under_way_.ignored_replies;
    queue_.requeue(std::move(again), now);
}

std::optional<batcher::ended> batcher::replied(std::vector<reply> replies, time_point now) {
    if (!is_busy()) return std::nullopt;
    if (under_way_.ignored_replies > 0) {
        --under_way_.ignored_replies;
        return std::nullopt;
    }
    if (under_way_.batch) return batch_replied(std::move(replies), now);
    auto next = under_way_.sweep->on_replies(replies);
    if (!next) return finish_sweep();
    send(std::move(*next));
    return std::nullopt;
}

std::optional<batcher::ended> batcher::batch_replied(std::vector<reply> replies, time_point now) {
    auto& batch = *under_way_.batch;
    auto next = batch.on_replies(std::move(replies), now);
    if (!next) return finish_batch(now);
    abandon_next_batch(now);
    if (batch.closing()) pacing_.on_closing(now);
    send(std::move(*next));
    start_next_batch(now);
    return std::nullopt;
}

batcher::ended batcher::finish_batch(time_point now) {
    auto done = std::move(*under_way_.batch);
    under_way_.batch = std::exchange(under_way_.next, std::nullopt);
    const auto took = pacing_.on_end(done.committed(), now);
    if (!done.committed()) memory_.origins.clear();
    if (!done.needs_reconnect()) queue_.took(done.size(), took);
    const bool failures = done.had_failures() || done.savepoint_per_write();
    memory_.expect_failures = failures ? batches_after_failure : std::max(memory_.expect_failures - 1, 0);
    if (done.savepoint_per_write()) ++counters_.savepoint_batches;
    if (done.committed()) {
        if (counters_.batches++ == 0) out_.push(action::first_commit{});
        counters_.batched_writes += done.size();
    }
    settle(done, now);
    if (!under_way_.batch && !done.needs_reconnect()) {
        if (const auto until = pacing_.gather(done.size(), queue_.size(), now)) out_.wake_at(*until);
    }
    return {done.fenced(), done.needs_reconnect()};
}

/// Answers the writes that have an answer, and queues the others again. After a conflict they pause a little.
void batcher::settle(batch& done, time_point now) {
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
        for (auto& one : again) {
            one.not_before = now + doubled(conflict_pause, longest_conflict_pause, one.tries++);
        }
    }
    queue_.requeue(std::move(again), now);
}

batcher::ended batcher::finish_sweep() {
    const auto done = std::move(*under_way_.sweep);
    under_way_.sweep.reset();
    if (!done.done()) memory_.origins.clear();
    return {done.fenced(), done.needs_reconnect()};
}

/// A batch behind the lost one was abandoned first, so at most one batch ends here.
void batcher::lost(time_point now) {
    abandon_next_batch(now);
    under_way_.ignored_replies = 0;
    under_way_.sweep.reset();
    if (!under_way_.batch) return;
    under_way_.batch->on_lost();
    finish_batch(now);
    assert(!is_busy());
}

void batcher::sweep() {
    sweep_due_ = true;
    out_.wake();
}

}  // namespace penholder::lane
