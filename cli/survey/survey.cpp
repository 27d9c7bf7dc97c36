#include "cli/survey/survey.hpp"

#include <algorithm>

namespace penholder::cli {

bool survey::node_reached() const noexcept {
    return std::ranges::any_of(nodes, [](const node_report& each) { return each.status.has_value(); });
}

const node_report* survey::report_from(const std::string& url) const noexcept {
    const auto found = std::ranges::find(nodes, url, &node_report::url);
    return found == nodes.end() ? nullptr : &*found;
}

}  // namespace penholder::cli
