#include "cli/commands/group_database.hpp"

#include "postgres/database.hpp"

#include <algorithm>
#include <memory>
#include <utility>

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

boost::asio::awaitable<result<fence_record>> probe(invocation& run, group_options options,
                                                   postgres::known_raise known) {
    const auto threads = std::make_shared<postgres::workers>(1);
    postgres::database database(run.with.get_executor(), threads, std::move(options));
    database.expect(known, true);
    auto fence = co_await database.probe();
    threads->end();
    co_return fence;
}

}  // namespace penholder::cli
