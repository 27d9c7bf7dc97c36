#include "batcher.hpp"

#include "base/backoff.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::lane {
namespace {

using namespace std::chrono_literals;

constexpr int batches_after_failure = 50;

/// What one statement may cost all writes of its batch; one that needs more runs in a session.
constexpr int longest_lock_wait_ms = 20;
constexpr int longest_statement_ms = 250;

/// A write that was under way when so many connections of the lane were lost goes to a session, as a suspect.
constexpr int most_losses = 2;

}  // namespace

batcher::batcher(const group_options& group, term held, surroundings around)
    : group_(group),
      held_(held),
      around_(around),
      queue_(group, group.batch_max_writes),
      pacing_(group.batch_max_writes) {}

std::size_t batcher::in_flight() const noexcept {
    return (under_way_.batch ? under_way_.batch->size() : 0) + (under_way_.next ? under_way_.next->size() : 0);
}

// Writes that wait.

std::optional<error> batcher::full(std::size_t bytes) const {
    return queue_.full(bytes, around_.taken.bytes(), in_flight());
}

void batcher::add(queued_write one, time_point now) {
    queue_.add(std::move(one), now);
    around_.out.wake();
}

void batcher::hand_back_queue(errc code, const std::string& message) {
    around_.taken.hand_back(queue_.take_all(), code, message);
}

void batcher::expire(const trouble& waited_for, time_point now) {
    around_.taken.hand_back_late(queue_.take_expired(now), waited_for);
}

/// Those that were plain when they came may not be so any more.
std::vector<queued_write> batcher::take_turn(time_point now) {
    const auto generation = around_.shapes.generation();
    std::vector<std::string> whys;
    const auto look = [&](queued_write& one) {
        using enum write_queue::fate;
        one.suspect = one.losses >= most_losses;
        if (!one.suspect && one.plain_as_of == generation) return take;
        auto found = around_.shapes.look_at(one.taken.what, now);
        if (one.suspect) found = {plain_shapes::way::session, "lost_connections", {}, {}};
        if (found.where == plain_shapes::way::unknown) return pass;
        if (found.where == plain_shapes::way::session) {
            whys.push_back(std::move(found.why_not));
            return leave;
        }
        one.stamped_tables = std::move(found.stamped_tables);
        one.new_stamped_tables = std::move(found.new_stamped_tables);
        one.deleted_tables = std::move(found.deleted_tables);
        one.plain_as_of = generation;
        return take;
    };
    auto turn = queue_.take(now, look);
    assert(turn.left.size() == whys.size());
    for (std::size_t at = 0; at < whys.size(); ++at) {
        apart_.push_back({std::move(turn.left[at]), std::move(whys[at])});
    }
    return std::move(turn.taken);
}

// What is under way.

void batcher::begin(time_point now) {
    if (stopping_ || under_way_.sweep) return;
    if (under_way_.batch) {
        start_next_batch(now);
    } else if (sweeps_.is_due(around_.counters.ledger.recorded, now)) {
        start_sweep(now);
    } else if (pacing_.may_begin(queue_.size(), now)) {
        if (auto writes = take_turn(now); !writes.empty()) start_batch(std::move(writes), now);
    }
}

batch_settings batcher::settings() const {
    auto made = settings_of(group_, held_, {}, around_.taken.clock());
    made.catalogue = memory_.catalogue;
    made.statement_timeout_ms = std::min(made.statement_timeout_ms, longest_statement_ms);
    made.lock_timeout_ms = std::min(made.lock_timeout_ms, longest_lock_wait_ms);
    made.expect_failures = memory_.expect_failures > 0;
    return made;
}

void batcher::send(round commands, std::size_t rows_bound) {
    ++under_way_.round;
    around_.out.push(action::send{{}, std::move(commands), rows_bound});
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
    auto& batch = under_way_.batch.emplace(settings(), std::move(writes), memory_.origins, &memory_.notes);
    auto first = batch.begin(now);
    send(std::move(first), batch.rows_bound());
}

/// Its record of the ledger is made when the batch before it has committed, so it cannot go in one round.
void batcher::start_next_batch(time_point now) {
    const bool behind_commit = under_way_.batch->closing() && !under_way_.next;
    if (!behind_commit || stopping_ || !pacing_.next_batch_pays(queue_.size())) return;
    if (sweeps_.is_due(around_.counters.ledger.recorded, now)) return;
    auto writes = take_turn(now);
    if (writes.empty()) return;
    note_limit(writes, now);
    auto& next = under_way_.next.emplace(settings(), std::move(writes), memory_.origins);
    auto first = next.begin(now);
    send(std::move(first), next.rows_bound());
}

void batcher::start_sweep(time_point now) {
    assert(!is_busy());
    note_limit({}, now);
    const auto step = sweeps_.on_begin(around_.counters.ledger.recorded, now);
    auto patient = settings_of(group_, held_, {});
    patient.catalogue = memory_.catalogue;
    under_way_.sweep.emplace(std::move(patient), step);
    send(under_way_.sweep->begin(), group_.max_receipt_bytes);
}

/// The batch before it did not commit, so this one must not: it waits for another turn.
void batcher::abandon_next_batch(bool lost, time_point now) {
    if (!under_way_.next) return;
    const bool ran = under_way_.next->has_run();
    std::vector<queued_write> again;
    for (std::size_t index = 0; index < under_way_.next->size(); ++index) {
        again.push_back(std::move(under_way_.next->write_at(index)));
        if (!ran) continue;
        if (lost) {
            ++again.back().losses;
        } else {
            under_way_.abandoned.insert(again.back().id());
        }
    }
    under_way_.next.reset();
    ++under_way_.ignored_replies;
    queue_.requeue(std::move(again), now);
}

std::optional<batcher::ended> batcher::replied(std::vector<reply> replies, time_point now) {
    if (!is_busy()) return std::nullopt;
    if (under_way_.ignored_replies > 0) {
        if (--under_way_.ignored_replies == 0) under_way_.abandoned.clear();
        return std::nullopt;
    }
    if (under_way_.batch) return batch_replied(std::move(replies), now);
    auto next = under_way_.sweep->on_replies(replies);
    if (!next) return finish_sweep(now);
    send(std::move(*next), group_.max_receipt_bytes);
    return std::nullopt;
}

std::optional<batcher::ended> batcher::batch_replied(std::vector<reply> replies, time_point now) {
    auto& batch = *under_way_.batch;
    auto next = batch.on_replies(std::move(replies), now);
    if (!next) return finish_batch(now);
    abandon_next_batch(false, now);
    if (batch.closing()) pacing_.on_closing(now);
    send(std::move(*next), batch.rows_bound());
    start_next_batch(now);
    return std::nullopt;
}

batcher::ended batcher::finish_batch(time_point now) {
    auto done = std::move(*under_way_.batch);
    under_way_.batch = std::exchange(under_way_.next, std::nullopt);
    const auto took = pacing_.on_end(done.committed(), now);
    if (!done.committed()) memory_.origins.clear();
    if (!done.needs_reconnect()) queue_.took(done.size(), took);
    memory_.expect_failures = done.had_failures() ? batches_after_failure : std::max(memory_.expect_failures - 1, 0);
    for (const auto& [shape, spent] : done.held_up()) around_.shapes.held_up(shape, spent, now);
    for (const auto& [shape, count] : done.failed()) around_.shapes.failed(shape, count, done.succeeded(shape), now);
    for (const auto& shape : done.returned_much()) around_.shapes.returned_much(shape, now);
    if (done.committed()) {
        if (done.had_failures()) ++around_.counters.savepoint_batches;
        ++around_.counters.batches;
        around_.taken.worked(done.steps());
    }
    settle(done, now);
    if (!under_way_.batch && !done.needs_reconnect()) {
        if (const auto until = pacing_.gather(done.size(), queue_.size(), now)) around_.out.wake_at(*until);
    }
    if (!done.own_trouble().empty()) around_.taken.not_applied(done.own_trouble(), now);
    return {done.fenced(), done.stale(), done.needs_reconnect(), done.own_trouble()};
}

/// Answers the writes that have an answer, sets those apart that failed, and queues the others again. After a conflict
/// they pause a little.
void batcher::settle(batch& done, time_point now) {
    const bool conflict = !done.needs_reconnect() && !done.stale();
    std::vector<queued_write> again;
    for (std::size_t index = 0; index < done.size(); ++index) {
        auto& one = done.write_at(index);
        if (done.is_apart(index)) {
            apart_.push_back({std::move(one), "failed_in_batch"});
            continue;
        }
        if (done.committed()) ++around_.counters.batched_writes;
        if (auto given = done.take_answer(index)) {
            around_.taken.answer(one, std::move(*given));
            continue;
        }
        if (done.was_lost()) ++one.losses;
        if (conflict) one.not_before = now + doubled(conflict_pause, longest_conflict_pause, one.tries++);
        again.push_back(std::move(one));
    }
    queue_.requeue(std::move(again), now);
}

batcher::ended batcher::finish_sweep(time_point now) {
    const auto done = std::move(*under_way_.sweep);
    under_way_.sweep.reset();
    if (!done.done()) memory_.origins.clear();
    if (!done.why().empty()) around_.out.push(action::not_swept{done.why()});
    if (done.done() || !done.why().empty()) around_.taken.swept(done.why());
    if (done.done()) sweeps_.on_end(done.swept_to(), done.more(), now);
    around_.counters.ledger.forgotten += done.forgotten();
    return {done.fenced(), done.stale(), done.needs_reconnect(), {}};
}

/// A batch behind the lost one was abandoned first, so at most one batch ends here.
void batcher::lost(time_point now) {
    abandon_next_batch(true, now);
    under_way_.ignored_replies = 0;
    queue_.note_losses(std::exchange(under_way_.abandoned, {}));
    under_way_.sweep.reset();
    if (!under_way_.batch) return;
    under_way_.batch->on_lost();
    finish_batch(now);
    assert(!is_busy());
}

void batcher::connected(sql::catalogue_stamp catalogue) {
    memory_.origins.clear();
    memory_.catalogue = catalogue;
    sweeps_.on_connected();
}

void batcher::sweep() {
    sweeps_.ask();
    around_.out.wake();
}

}  // namespace penholder::lane
