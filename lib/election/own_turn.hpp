#pragma once

#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

namespace penholder::election {

/// The time that a candidate leaves to those ahead of it in a vacancy: a pause for each, and a random share of one
/// more, so that those who count alike do not move in step. Then it is its turn, whoever stands ahead. Nobody can tell
/// from afar whether a candidate that does nothing is dead, frozen or slow, and nobody has to: the order of succession
/// is a preference, and the transaction of the election makes two leaders impossible. Owned by the elector.
class own_turn {
public:
    own_turn(std::chrono::milliseconds pause, std::uint64_t seed) : pause_(pause), random_(seed) {}

    /// Requires somebody ahead.
    std::chrono::milliseconds comes_after(std::size_t ahead) {
        assert(ahead > 0);
        return pause_ * ahead + share_of(pause_ / 4);
    }

    /// A random share of a time that many others have, too.
    std::chrono::milliseconds share_of(std::chrono::milliseconds most) {
        std::uniform_int_distribution<std::int64_t> share(0, most.count());
        return std::chrono::milliseconds(share(random_));
    }

    bool has_come() const noexcept { return come_; }
    void comes() noexcept { come_ = true; }
    /// Somebody leads, or this node is none of those who wait.
    void is_over() noexcept { come_ = false; }

private:
    std::chrono::milliseconds pause_;
    std::mt19937_64 random_;
    bool come_ = false;
};

}  // namespace penholder::election
