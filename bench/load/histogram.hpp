#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace penholder::bench {

/// Counts durations in buckets that are at most 1.6 % wide, from a nanosecond to nine minutes, in constant memory. What
/// is longer counts as the longest. Of one thread; merge what several have counted.
class histogram {
public:
    void add(std::chrono::nanoseconds what) {
        ++counts_[index_of(static_cast<std::uint64_t>(what.count() < 0 ? 0 : what.count()))];
        ++total_;
    }

    void merge(const histogram& other) {
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        total_ += other.total_;
    }

    std::uint64_t count() const noexcept { return total_; }

    /// In microseconds: the upper end of the bucket in which the share `q` of all is reached. 0 where nothing was
    /// counted.
    double quantile_us(double q) const {
        if (total_ == 0) return 0;
        const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(total_ - 1)) + 1;
        std::uint64_t seen = 0;
        std::size_t at = 0;
        while (at + 1 < counts_.size() && (seen += counts_[at]) < wanted) ++at;
        return static_cast<double>(upper_end_of(at)) / 1000;
    }

private:
    static constexpr std::size_t steps = 64;  ///< Buckets for each power of two.
    static constexpr std::size_t step_bits = 6;
    static constexpr std::size_t octaves = 34;

    static std::size_t index_of(std::uint64_t ns) {
        if (ns < steps) return ns;
        const auto octave = static_cast<std::size_t>(std::bit_width(ns)) - step_bits - 1;
        const auto index = (octave + 1) * steps + ((ns >> octave) - steps);
        return index < (octaves * steps) ? index : octaves * steps - 1;
    }

    static std::uint64_t upper_end_of(std::size_t index) {
        if (index < steps) return index;
        const auto octave = index / steps - 1;
        return ((index % steps + steps + 1) << octave) - 1;
    }

    std::array<std::uint64_t, octaves * steps> counts_{};
    std::uint64_t total_ = 0;
};

}  // namespace penholder::bench
