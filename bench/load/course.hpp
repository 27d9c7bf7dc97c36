#pragma once

#include "histogram.hpp"
#include "workloads/workload.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace penholder::bench {

using clock = std::chrono::steady_clock;

/// How much is asked for.
struct load_shape {
    std::size_t writers = 1;
    std::chrono::milliseconds length{1000};
    double rate = 0;  ///< Writes per second, whatever becomes of them; 0: each writer writes again when it is answered.
    bool keyed = false;  ///< Each write has a key of the application's own.
};

/// What a client was told about one write.
enum class answer { committed, refused, unknown };

/// How many writes took which way to the database at Penholder's leader.
struct ways_taken {
    std::uint64_t lane = 0;
    std::uint64_t sessions = 0;
};

/// What came of one turn.
struct turn {
    answers told;
    double writes_per_second = 0;  ///< Answered after the warm-up and before the end.
    histogram latencies;           ///< Of the writes that were due in that time, however late, from when each was due.
    histogram service;             ///< Of the same writes, from when each was handed over.
    std::optional<double> session_share;  ///< Of the writes of a contender that knows; nothing where they were few.
    std::string problem;                  ///< What is wrong with the result; empty where it is exact.
};

/// One turn of one contender: when each write is due, what it is, and what came of it. With a rate, writes are due at
/// fixed times, and the time that a late one had to wait is part of its latency. Used by many writers at once.
class course {
public:
    course(workload_pointer what, load_shape shape);

    const load_shape& shape() const noexcept { return shape_; }
    const workload& what() const noexcept { return *what_; }

    /// The clock starts; after everything is connected.
    void begin();

    /// No more writes are due.
    bool is_over() const { return clock::now() >= ends_; }

    /// A neighbour's write was answered.
    void neighbour_answered() { ++neighbours_; }

    /// What the leader counted before the clock started, and after the last answer.
    void took(const ways_taken& before, const ways_taken& after);

    /// When the last writer has had its last answer. Not to be called before.
    turn end() const;

private:
    friend class writer;

    std::optional<clock::time_point> next_due();
    clock::time_point due_at(std::uint64_t number) const;
    void count_those_not_begun(histogram& latencies) const;
    std::string wrong_way(std::optional<double> session_share) const;

    workload_pointer what_;
    load_shape shape_;
    std::string run_;  ///< Tells this turn's keys from those of any other.
    clock::time_point began_{};
    clock::time_point counts_from_{};
    clock::time_point ends_{};
    std::atomic<std::uint64_t> started_ = 0;
    std::atomic<std::uint64_t> neighbours_ = 0;
    std::optional<double> session_share_;
    std::mutex mutex_;  ///< Guards what follows.
    answers told_;
    std::int64_t counted_ = 0;
    std::int64_t meant_to_be_refused_ = 0;
    histogram latencies_;
    histogram service_;
};

/// One of the writers of a turn. Used by one thread; it hands in what it has counted when it ends.
class writer {
public:
    writer(course& of, std::size_t index);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// When the next write is due, perhaps in the past; nothing when the turn is over.
    std::optional<clock::time_point> due() { return course_.next_due(); }

    /// The next write.
    write make();

    /// It is handed over at this moment.
    void sending() { sent_ = clock::now(); }

    /// What came of the write that was due then.
    void answered(clock::time_point due, answer what) { answered(due, what, clock::now()); }
    void answered(clock::time_point due, answer what, clock::time_point now);

private:
    course& course_;
    write_number at_;
    random_source random_;
    answers told_;
    std::int64_t counted_ = 0;
    std::int64_t meant_to_be_refused_ = 0;
    clock::time_point sent_{};
    histogram latencies_;
    histogram service_;
};

}  // namespace penholder::bench
