#pragma once

#include <chrono>
#include <cstdint>

namespace penholder::simulation {

/// Random numbers of one seed (splitmix64): small, quick, and the same on every machine.
class random_numbers {
public:
    explicit random_numbers(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }

    /// 0 to `count` - 1.
    int below(int count) noexcept { return static_cast<int>((next() >> 33U) % static_cast<std::uint64_t>(count)); }
    int between(int least, int most) noexcept { return least + below(most - least + 1); }
    bool one_in(int count) noexcept { return below(count) == 0; }
    bool permille(int chance) noexcept { return below(1000) < chance; }

    std::chrono::microseconds between(std::chrono::microseconds least, std::chrono::microseconds most) noexcept {
        const auto width = static_cast<std::uint64_t>((most - least).count() + 1);
        return least + std::chrono::microseconds(static_cast<std::int64_t>((next() >> 1U) % width));
    }

private:
    std::uint64_t state_;
};

}  // namespace penholder::simulation
