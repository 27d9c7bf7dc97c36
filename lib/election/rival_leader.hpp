#pragma once

#include "base/backoff.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace penholder::election {

/// Who raised the fence, as far as is known.
struct fence_raiser {
    term by;
    std::string leader;  ///< Empty where nobody told.
    std::string endpoint;
};

/// A leader of the same group whom this node's ensemble does not know: nodes on another ensemble write to the same
/// database. Each side would fence the other off with every election, so this one pauses before it stands again, longer
/// each time, until it was left in peace for a while.
///
/// A leader that is replaced in its own ensemble has lost its `leader` znode before the fence is raised. One that still
/// owns it after it was fenced off has such a rival. Owned by the elector's state.
class rival_leader {
public:
    using duration = std::chrono::milliseconds;

    static constexpr duration first_pause{1'000};
    static constexpr duration longest_pause{60'000};
    static constexpr duration peace{300'000};  ///< After so long without one the pauses begin anew.

    explicit rival_leader(std::uint64_t seed) : pauses_(first_pause, longest_pause, seed) {}

    /// This node was fenced off while it led; the group's next reading tells by whom.
    void fenced_off(fence_raiser by) { suspect_ = std::move(by); }

    /// The group was read. The pause that begins, where it was a rival.
    std::optional<duration> read(bool owns_leader) {
        auto suspect = std::exchange(suspect_, std::nullopt);
        if (!suspect || !owns_leader) return std::nullopt;
        known_ = std::move(suspect);
        return pauses_.next();
    }

    /// The one that this node pauses for.
    const std::optional<fence_raiser>& known() const noexcept { return known_; }
    bool is_active() const noexcept { return known_.has_value(); }
    void pause_over() noexcept { known_.reset(); }
    void left_in_peace() noexcept { pauses_.reset(); }

    std::optional<error> trouble() const {
        if (!known_) return std::nullopt;
        const auto who = known_->leader.empty() ? "a node" : "node " + known_->leader + " at " + known_->endpoint;
        return error{errc::fenced, who + " raised the fence to term " + std::to_string(known_->by.value) +
                                       " while this node led, and this node's ensemble knows no other leader: nodes on "
                                       "another ensemble write to the same database; give all of them the same "
                                       "zookeeper.hosts and root, or groups and databases of their own"};
    }

private:
    std::optional<fence_raiser> suspect_;
    std::optional<fence_raiser> known_;
    backoff pauses_;
};

}  // namespace penholder::election
