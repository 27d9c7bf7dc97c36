#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>

namespace penholder {

/// Gives the sequence numbers of one origin and knows which of them somebody may still ask for, as the mark tells the
/// ledger. Owned by the router.
class origin_sequences {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit origin_sequences(std::chrono::milliseconds keep_unknown) : keep_unknown_(keep_unknown) {}

    /// The number that `next` will give.
    std::uint64_t upcoming() const noexcept { return next_; }

    /// The next number; it is open until it is settled or called unknown.
    std::uint64_t next();
    bool was_given(std::uint64_t sequence) const noexcept { return sequence != 0 && sequence < next_; }

    /// Answered for good.
    void settled(std::uint64_t sequence);

    /// Answered `unknown`: kept for a time, for the most recent ones, so that it can be asked for again.
    void unknown(std::uint64_t sequence, time_point now);

    /// Somebody asks again. False when the number is not kept any more.
    bool reopen(std::uint64_t sequence, time_point now);

    origin_mark mark(time_point now);

private:
    static constexpr std::size_t max_unknown = 64;
    static constexpr std::size_t max_stragglers = 64;
    static constexpr std::size_t window_slack = 1024;

    void close_front();
    void move_stragglers();
    void forget_old(time_point now);

    std::chrono::milliseconds keep_unknown_;
    std::uint64_t next_ = 1;
    std::uint64_t floor_ = 1;
    std::deque<bool> open_;  ///< For each number from the floor on.
    std::size_t open_count_ = 0;
    std::set<std::uint64_t> stragglers_;  ///< Open below the floor, which must not hold the others back.
    std::map<std::uint64_t, time_point> unknown_;
};

}  // namespace penholder
