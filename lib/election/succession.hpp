#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// One candidate as succession looks at it.
struct contender {
    std::string znode;
    std::string node;
    int priority = 0;
    std::int32_t sequence = 0;
    bool eligible = false;
    bool unreached = false;  ///< No follower could link to it when it led last.
    friend bool operator==(const contender&, const contender&) = default;
};

/// Stands in a request to hand over for whoever is next.
inline constexpr std::string_view next_in_succession = "*";

/// Whether sequence `a` was given out before `b`. The ensemble's counter is signed, 32 bits wide, and wraps.
bool earlier(std::int32_t a, std::int32_t b) noexcept;

/// The order of succession between two candidates that could both lead: whoever can be reached, as far as is known,
/// then the higher priority, then the earlier sequence.
template <class Candidate>
bool precedes(const Candidate& a, const Candidate& b) noexcept {
    if (a.unreached != b.unreached) return b.unreached;
    return a.priority != b.priority ? a.priority > b.priority : earlier(a.sequence, b.sequence);
}

/// The eligible candidates, first successor first: the node that a handover named, then all others in their order.
/// `target` is empty without a handover.
std::vector<contender> in_succession(std::vector<contender> candidates, std::string_view target);

/// The one just ahead of `znode` in `order`; nothing for the first and for those who are not in it.
std::optional<contender> just_ahead(const std::vector<contender>& order, std::string_view znode);

}  // namespace penholder::election
