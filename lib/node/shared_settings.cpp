#include "shared_settings.hpp"

#include <fmt/format.h>

namespace penholder {

std::string shared_settings(const group_options& group, const zookeeper_options& ensemble) {
    return fmt::format(
        "zookeeper.root={} zookeeper.session_timeout_ms={} group.database={} group.takeover={} "
        "group.max_deadline_ms={} group.statement_timeout_max_ms={} group.fence_wait_ms={} group.key_retention_s={} "
        "group.origin_retention_s={}",
        ensemble.root, ensemble.session_timeout_ms, group.database.empty() ? "none" : "set", group.takeover,
        group.max_deadline_ms, group.statement_timeout_max_ms, group.fence_wait_ms, group.key_retention_s,
        group.origin_retention_s);
}

}  // namespace penholder
