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
    friend bool operator==(const contender&, const contender&) = default;
};

/// Whether sequence `a` was given out before `b`. The ensemble's counter is signed, 32 bits wide, and wraps.
bool earlier(std::int32_t a, std::int32_t b) noexcept;

/// The eligible candidates, first successor first: the node that a handover named, then the highest priority, then the
/// lowest sequence. `target` is empty without a handover.
std::vector<contender> in_succession(std::vector<contender> candidates, std::string_view target);

/// The one just ahead of `znode` in `order`; nothing for the first and for those who are not in it.
std::optional<contender> just_ahead(const std::vector<contender>& order, std::string_view znode);

}  // namespace penholder::election
