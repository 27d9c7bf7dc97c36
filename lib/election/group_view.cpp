#include "group_view.hpp"

#include "group_snapshot.hpp"
#include "succession.hpp"

#include <algorithm>

namespace penholder::election {

std::string group_view::database() const {
    if (!control.adopted_database.empty()) return control.adopted_database;
    const auto* last = last_term_with_database(terms);
    return last != nullptr ? last->database : std::string();
}

fence_raise group_view::last_raise() const {
    if (!control.adopted_database.empty()) return control.adopted_raise;
    const auto* last = last_term_with_database(terms);
    return last != nullptr ? parse_fence_raise(last->raised).value_or(fence_raise{}) : fence_raise{};
}

const candidate_view* group_view::candidate_of(std::string_view node) const noexcept {
    const auto found = std::ranges::find(candidates, node, &candidate_view::node);
    return found == candidates.end() ? nullptr : &*found;
}

void group_view::sort() {
    std::ranges::sort(members, {}, &member::node);
    std::ranges::stable_sort(candidates, [](const candidate_view& a, const candidate_view& b) {
        return a.eligible != b.eligible ? a.eligible : precedes(a, b);
    });
}

}  // namespace penholder::election
