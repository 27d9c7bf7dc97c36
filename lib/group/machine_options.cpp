#include "machine_options.hpp"

#include <algorithm>
#include <chrono>

namespace penholder::group {

candidacy_options to_candidacy_options(const machine_options& from) {
    candidacy_options options;
    options.root = from.root;
    options.group = from.group.name;
    options.self = from.self;
    options.session_timeout = from.session_timeout;
    options.life = from.life;
    options.priority = from.group.priority;
    options.has_database = from.has_database();
    options.max_evictions = from.group.takeover == "on_process_death" ? from.group.takeover_max_evictions : 0;
    options.evictions_within = std::chrono::seconds(from.group.takeover_window_s);
    return options;
}

router_options to_router_options(const machine_options& from) {
    router_options rules;
    rules.node = from.self.node;
    rules.origin = make_origin(from.self.node, from.life);
    rules.max_pending = from.group.pending_max_writes;
    rules.max_pending_bytes = from.group.pending_max_bytes;
    rules.max_write_bytes = from.link.max_frame_bytes - from.link.max_frame_bytes / 16;
    rules.default_deadline = std::chrono::milliseconds(from.group.default_deadline_ms);
    rules.max_deadline = std::chrono::milliseconds(from.group.max_deadline_ms);
    const std::chrono::seconds rows_kept(from.group.origin_retention_s);
    rules.keep_unknown = std::min<std::chrono::milliseconds>(rules.keep_unknown, rows_kept / 2);
    return rules;
}

/// The dead are enrolled until their sessions end.
std::chrono::milliseconds reach_patience(const machine_options& from) {
    const std::chrono::milliseconds silence(from.link.silence_timeout_ms);
    return std::max(3 * silence, from.session_timeout + silence);
}

}  // namespace penholder::group
