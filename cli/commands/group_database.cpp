#include "cli/commands/group_database.hpp"

#include <algorithm>

namespace penholder::cli {

std::optional<group_options> database_of(const invocation& run, const std::string& conninfo, const std::string& group) {
    group_options options;
    options.name = group;
    if (run.from.configured) {
        const auto& groups = run.from.configured->node.groups;
        const auto known = std::ranges::find(groups, group, &group_options::name);
        if (known != groups.end()) options = *known;
    }
    if (!conninfo.empty()) options.database = conninfo;
    return options.database.empty() ? std::nullopt : std::optional(std::move(options));
}

}  // namespace penholder::cli
