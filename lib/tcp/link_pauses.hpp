#pragma once

#include "base/backoff.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace penholder::tcp {

/// How long a link waits before its next attempt: not at all after a connection that was steady, else longer each time.
/// A link that can wait leaves a random share of its patience to others each time, until it is hurried.
class link_pauses {
public:
    link_pauses(std::chrono::milliseconds patience, std::uint64_t seed)
        : patience_(patience), growing_(first, longest, seed), random_(seed) {}

    std::chrono::milliseconds next(bool was_steady) {
        if (was_steady) growing_.reset();
        if (patience_.count() > 0 && !hurried_) {
            std::uniform_int_distribution<std::int64_t> share(0, patience_.count());
            return std::chrono::milliseconds(share(random_));
        }
        return was_steady ? std::chrono::milliseconds(0) : growing_.next();
    }

    void hurry() noexcept { hurried_ = true; }
    void linked() noexcept { hurried_ = false; }

private:
    static constexpr std::chrono::milliseconds first{2};
    static constexpr std::chrono::milliseconds longest{500};

    std::chrono::milliseconds patience_;
    backoff growing_;
    std::mt19937_64 random_;
    bool hurried_ = false;  ///< Since the last connection.
};

}  // namespace penholder::tcp
