#pragma once

#include "queue_forecast.hpp"
#include "queued_write.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace penholder::lane {

/// The writes that a lane has taken and not answered: those that wait, in order, and the ids and bytes of all. Bounded
/// in number, bytes and time. Pure; owned by the applier.
///
/// An id that is held stays held through batches and further tries, until release: no two writes of one id are under
/// way. `due` never lies behind the first deadline or the first end of a pause of a waiting write.
class write_queue {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = queue_forecast::duration;

    explicit write_queue(const group_options& bounds);

    bool holds(const std::string& id) const { return ids_.contains(id); }

    /// Why one more write of this size must not wait here, if so. What fits the next batch is never kept out by the
    /// time that it would take, and one write alone is always taken, however large it is.
    /// Errors: overloaded.
    std::optional<error> full(std::size_t bytes, std::size_t in_flight) const;

    /// It is new here.
    void add(queued_write one, time_point now);

    /// As many as may share a batch, in order; those that wait after a conflict are passed over, and those that must be
    /// alone go alone.
    std::vector<queued_write> take_batch(time_point now);

    /// They were taken for a batch and have another turn, before all others.
    void requeue(std::vector<queued_write> again, time_point now);

    /// Those whose deadline has passed. Looks only when something is due.
    std::vector<queued_write> take_expired(time_point now);
    std::vector<queued_write> take_all();

    /// It has its answer: its id and its room are free.
    void release(const queued_write& answered);

    /// When the queue is to be looked at again: at its first deadline, or when the first write may be tried again. The
    /// end of time where nothing waits.
    time_point due() const noexcept { return due_; }

    /// A batch of so many writes took so long.
    void took(std::size_t writes, duration spent) { forecast_.took(writes, spent); }

    /// Of a write that came now, for its answer.
    std::chrono::milliseconds expected_wait(std::size_t in_flight) const;

    std::size_t size() const noexcept { return queue_.size(); }

private:
    struct limits {
        std::size_t batch_writes = 0;
        std::size_t writes = 0;
        std::size_t bytes = 0;
        std::chrono::milliseconds time{0};
    };
    void look_again_for(const queued_write& one, time_point now);

    limits limits_;
    std::deque<queued_write> queue_;
    std::unordered_set<std::string> ids_;  ///< Of writes that wait or are in a batch.
    std::size_t bytes_ = 0;                ///< Theirs.
    queue_forecast forecast_;
    time_point due_ = time_point::max();
};

}  // namespace penholder::lane
