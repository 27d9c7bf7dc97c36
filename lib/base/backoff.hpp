#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace penholder {

/// The first pause doubled for each try that failed, `most` at the longest.
inline std::chrono::milliseconds doubled(std::chrono::milliseconds first, std::chrono::milliseconds most, int tries) {
    return std::min(most, first * (std::int64_t{1} << std::min(tries, 20)));
}

/// Waiting times that double up to a limit, each with a random share off so that nodes do not move in step.
class backoff {
public:
    using duration = std::chrono::milliseconds;

    backoff(duration first, duration most, std::uint64_t seed) : first_(first), most_(most), random_(seed) {}

    duration next() {
        const auto whole = doubled(first_, most_, tries_++);
        std::uniform_int_distribution<std::int64_t> share(whole.count() / 2, whole.count());
        return duration(share(random_));
    }
    void reset() noexcept { tries_ = 0; }
    int tries() const noexcept { return tries_; }

private:
    duration first_;
    duration most_;
    std::mt19937_64 random_;
    int tries_ = 0;
};

}  // namespace penholder
