#pragma once

#include "model/ids.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace penholder::election {

/// How many leaders whose death was proven this node may still evict. A wrong proof costs a needless change of leader;
/// the budget bounds how many of them one node can cause in a row. Once it is spent, a death is left to the ensemble,
/// which ends the session in its time.
class eviction_budget {
public:
    explicit eviction_budget(std::size_t most) : most_(most), left_(most) {}

    bool allows_one() const noexcept { return left_ > 0; }

    /// Asked for. What is not answered stays spent: it may have been done.
    void spend() noexcept { left_ -= std::min<std::size_t>(left_, 1); }
    /// It was certainly not carried out.
    void give_back() noexcept { left_ = std::min(left_ + 1, most_); }
    /// None was asked for in a long time.
    void refill() noexcept { left_ = most_; }

    void evicted() noexcept { ++done_; }
    std::uint64_t done() const noexcept { return done_; }

    /// The leader of `of` is not evicted although it is dead. True the first time, so that the log says it once.
    bool withhold(term of) noexcept { return std::exchange(withheld_, of) != of; }
    std::string_view reason_to_withhold() const noexcept {
        assert(left_ == 0);
        return most_ == 0 ? "takeover waits for sessions to end" : "too many evictions lately";
    }

private:
    std::size_t most_;
    std::size_t left_;
    std::uint64_t done_ = 0;
    term withheld_;
};

}  // namespace penholder::election
