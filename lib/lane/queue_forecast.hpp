#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace penholder::lane {

/// How long a new write will wait for its answer, by what the last batches took: a part that every batch costs and a
/// part for each write in it, fitted by least squares. As long as all batches seen were of one size nothing is known
/// about the second part, and a larger batch is expected to take no longer: a burst is not refused on a guess. Pure;
/// owned by a lane.
class queue_forecast {
public:
    using duration = std::chrono::duration<double, std::milli>;

    explicit queue_forecast(std::size_t batch_max_writes) : batch_max_writes_(batch_max_writes) {}

    /// A batch of so many writes was answered after so long.
    void took(std::size_t writes, duration spent);

    /// Until so many writes are answered, batch by batch; zero while nothing is known.
    duration wait(std::size_t writes) const;

private:
    static constexpr std::size_t batches_remembered = 8;
    static constexpr std::size_t enough_to_leave_one_out = 4;

    struct sample {
        double writes = 0;
        double spent_ms = 0;
    };
    struct cost {
        double batch_ms = 0;
        double write_ms = 0;
    };
    cost fit() const;

    std::size_t batch_max_writes_;
    std::deque<sample> samples_;
};

}  // namespace penholder::lane
