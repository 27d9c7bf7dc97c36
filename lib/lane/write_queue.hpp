#pragma once

#include "queue_forecast.hpp"
#include "queued_write.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace penholder::lane {

/// The writes that wait for one way to the database, in order. Bounded in number, bytes and time. Pure; owned by that
/// way's batcher or pool.
///
/// `due` never lies behind the first deadline, or the first end of a pause or of judging, of a waiting write.
class write_queue {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = queue_forecast::duration;

    /// So many share a turn: a batch, or the sessions.
    write_queue(const group_options& bounds, std::size_t turn_writes);

    /// Why one more write of this size must not wait here, if so; `held` bytes are those of all writes that were taken.
    /// What fits the next turn is never kept out by the time that it would take, and one write alone is always taken,
    /// however large it is. Errors: overloaded.
    std::optional<error> full(std::size_t bytes, std::size_t held, std::size_t in_flight) const;

    void add(queued_write one, time_point now);

    /// What becomes of a write whose turn has come.
    enum class fate : std::uint8_t {
        take,
        pass,   ///< It waits on, at its place.
        leave,  ///< This way is not for it any more.
    };
    using look = std::function<fate(queued_write&)>;

    struct turn {
        std::vector<queued_write> taken;
        std::vector<queued_write> left;
    };

    /// In order, as many as share a turn, or `most`. Passed over are those that pause after a conflict, and those that
    /// store the transaction's time in a table in which an earlier one of this turn does so.
    turn take(time_point now, const look& at, std::size_t most);
    turn take(time_point now, const look& at) { return take(now, at, limits_.turn_writes); }

    /// How many of those that do not pause would be taken, `most` at the most.
    std::size_t ready(time_point now, const std::function<bool(const queued_write&)>& fits, std::size_t most) const;

    /// They were taken and have another turn, before all others.
    void requeue(std::vector<queued_write> again, time_point now);

    /// A connection was lost while these of them ran.
    void note_losses(const std::set<std::string>& ids);

    /// Those whose deadline has passed. Looks only when something is due.
    std::vector<queued_write> take_expired(time_point now);
    std::vector<queued_write> take_all();

    /// When the queue is to be looked at again: at its first deadline, or when the first write may be tried again. The
    /// end of time where nothing waits.
    time_point due() const noexcept { return due_; }

    /// A turn of so many writes took so long.
    void took(std::size_t writes, duration spent) { forecast_.took(writes, spent); }

    /// Of a write that came now, for its answer.
    std::chrono::milliseconds expected_wait(std::size_t in_flight) const;

    std::size_t size() const noexcept { return queue_.size(); }

private:
    struct limits {
        std::size_t turn_writes = 0;
        std::size_t writes = 0;
        std::size_t bytes = 0;
        std::chrono::milliseconds time{0};
    };
    void look_again_for(const queued_write& one, time_point now);

    limits limits_;
    std::deque<queued_write> queue_;
    queue_forecast forecast_;
    time_point due_ = time_point::max();
};

}  // namespace penholder::lane
