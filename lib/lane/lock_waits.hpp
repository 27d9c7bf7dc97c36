#pragma once

#include "lane_outbox.hpp"
#include "lane_write.hpp"
#include "lock_holder.hpp"
#include "session.hpp"

#include <penholder/status.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace penholder::lane {

/// What is known of locks that writes in sessions wait for and somebody outside holds. PostgreSQL is asked only where a
/// transaction has had no answer for a while. A write that runs again and again until its lock is free is counted once
/// for each holder, and the log is told of each holder, not of each write. Pure; owned by the session pool.
class lock_waits {
public:
    using time_point = std::chrono::steady_clock::time_point;

    lock_waits(lane_outbox& out, lane_counters& counters) : out_(out), counters_(counters) {}

    /// Its last round is without an answer for some hundred milliseconds, which is what waiting for a lock looks like.
    void ask(const session& on);

    /// What was found out when the round of that number was the last.
    void found(session& on, std::uint64_t asked_at, std::optional<lock_holder> by, time_point now);

    /// Of the writes that run now.
    static std::vector<lock_wait> of(std::span<const session> sessions);

private:
    bool is_news(int pid, time_point now);

    lane_outbox& out_;
    lane_counters& counters_;
    std::map<int, time_point> told_;  ///< When the log was told of a holder last.
};

}  // namespace penholder::lane
