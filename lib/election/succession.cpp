#include "succession.hpp"

#include <algorithm>

namespace penholder::election {

bool earlier(std::int32_t a, std::int32_t b) noexcept {
    const auto distance = static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b);
    return static_cast<std::int32_t>(distance) < 0;
}

std::vector<contender> in_succession(std::vector<contender> candidates, std::string_view target) {
    std::erase_if(candidates, [](const contender& each) { return !each.eligible; });
    std::ranges::stable_sort(candidates, [target](const contender& a, const contender& b) {
        const bool a_named = !target.empty() && a.node == target;
        const bool b_named = !target.empty() && b.node == target;
        return a_named != b_named ? a_named : precedes(a, b);
    });
    return candidates;
}

std::optional<contender> just_ahead(const std::vector<contender>& order, std::string_view znode) {
    const auto place = std::ranges::find(order, znode, &contender::znode);
    if (place == order.end() || place == order.begin()) return std::nullopt;
    return *std::prev(place);
}

}  // namespace penholder::election
