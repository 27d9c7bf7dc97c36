#include "keys.hpp"

#include <algorithm>

namespace penholder::config {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::int64_t mebibyte = 1024LL * 1024;
constexpr std::int64_t gibibytes = 1024 * mebibyte * 1024;
constexpr std::int64_t year_s = 366LL * 24 * 3600;

constexpr key node_keys[] = {
    {"node", "name", [](place p) -> slot { return &p.all.node.name; }, 0, 0, demand::required},
    {"node", "stop_timeout_ms", [](place p) -> slot { return &p.all.stop_timeout_ms; }, 0, 600'000},

    {"zookeeper", "hosts", [](place p) -> slot { return &p.all.node.zookeeper.hosts; }, 0, 0, demand::required},
    {"zookeeper", "session_timeout_ms", [](place p) -> slot { return &p.all.node.zookeeper.session_timeout_ms; }, 100,
     600'000},
    {"zookeeper", "root", [](place p) -> slot { return &p.all.node.zookeeper.root; }},
    {"zookeeper", "digest", [](place p) -> slot { return &p.all.node.zookeeper.digest; }, 0, 0, demand::secret},

    {"link", "listen", [](place p) -> slot { return &p.all.node.link.listen; }},
    {"link", "advertise", [](place p) -> slot { return &p.all.node.link.advertise; }},
    {"link", "secret", [](place p) -> slot { return &p.all.node.link.secret; }, 0, 0, demand::secret},
    {"link", "ping_interval_ms", [](place p) -> slot { return &p.all.node.link.ping_interval_ms; }, 10, 60'000},
    {"link", "silence_timeout_ms", [](place p) -> slot { return &p.all.node.link.silence_timeout_ms; }, 50, 600'000},
    {"link", "handshake_timeout_ms", [](place p) -> slot { return &p.all.node.link.handshake_timeout_ms; }, 50,
     600'000},
    {"link", "max_frame_bytes", [](place p) -> slot { return &p.all.node.link.max_frame_bytes; }, 64 * 1024,
     1024 * mebibyte},
    {"link", "max_in_flight", [](place p) -> slot { return &p.all.node.link.max_in_flight; }, 1, 1'000'000},
    {"link", "max_links", [](place p) -> slot { return &p.all.node.link.max_links; }, 1, 1'000'000},
    {"link", "max_handshakes", [](place p) -> slot { return &p.all.node.link.max_handshakes; }, 1, 1'000'000},
};

constexpr key edge_keys[] = {
    {"http", "listen", [](place p) -> slot { return &p.all.http.listen; }},
    {"http", "advertise", [](place p) -> slot { return &p.all.http.advertise; }},
    {"http", "token", [](place p) -> slot { return &p.all.http.token; }, 0, 0, demand::secret},
    {"http", "operator_token", [](place p) -> slot { return &p.all.http.operator_token; }, 0, 0, demand::secret},
    {"http", "max_body_bytes", [](place p) -> slot { return &p.all.http.max_body_bytes; }, 1024, 256 * mebibyte},
    {"http", "max_connections", [](place p) -> slot { return &p.all.http.max_connections; }, 1, 1'000'000},
    {"http", "request_timeout_ms", [](place p) -> slot { return &p.all.http.request_timeout_ms; }, 100, 600'000},
    {"http", "idle_timeout_ms", [](place p) -> slot { return &p.all.http.idle_timeout_ms; }, 100, day_ms},
    {"http", "heartbeat_ms", [](place p) -> slot { return &p.all.http.heartbeat_ms; }, 100, 3'600'000},
    {"http", "event_queue_max", [](place p) -> slot { return &p.all.http.event_queue_max; }, 1, 1'000'000},

    {"log", "level", [](place p) -> slot { return &p.all.log.level; }, 0, 0, demand::choice,
     "trace|debug|info|warning|error|off"},
    {"log", "format", [](place p) -> slot { return &p.all.log.format; }, 0, 0, demand::choice, "text|json"},
    {"log", "file", [](place p) -> slot { return &p.all.log.file; }},
};

constexpr key group_keys[] = {
    {"group", "name", [](place p) -> slot { return &p.group.name; }, 0, 0, demand::required},
    {"group", "database", [](place p) -> slot { return &p.group.database; }, 0, 0, demand::secret},
    {"group", "priority", [](place p) -> slot { return &p.group.priority; }, -1'000'000, 1'000'000},
    {"group", "observer", [](place p) -> slot { return &p.group.observer; }},
    {"group", "takeover", [](place p) -> slot { return &p.group.takeover; }, 0, 0, demand::choice,
     "on_process_death|on_session_expiry"},
    {"group", "takeover_max_evictions", [](place p) -> slot { return &p.group.takeover_max_evictions; }, 1, 1'000'000},
    {"group", "takeover_window_s", [](place p) -> slot { return &p.group.takeover_window_s; }, 1, 86'400},
    {"group", "default_deadline_ms", [](place p) -> slot { return &p.group.default_deadline_ms; }, 1, day_ms},
    {"group", "max_deadline_ms", [](place p) -> slot { return &p.group.max_deadline_ms; }, 1, day_ms},
    {"group", "batch_max_writes", [](place p) -> slot { return &p.group.batch_max_writes; }, 1, 10'000},
    {"group", "queue_max_writes", [](place p) -> slot { return &p.group.queue_max_writes; }, 1, 10'000'000},
    {"group", "queue_max_bytes", [](place p) -> slot { return &p.group.queue_max_bytes; }, mebibyte, gibibytes},
    {"group", "queue_time_max_ms", [](place p) -> slot { return &p.group.queue_time_max_ms; }, 1, day_ms},
    {"group", "pending_max_writes", [](place p) -> slot { return &p.group.pending_max_writes; }, 1, 10'000'000},
    {"group", "pending_max_bytes", [](place p) -> slot { return &p.group.pending_max_bytes; }, mebibyte, gibibytes},
    {"group", "statement_timeout_max_ms", [](place p) -> slot { return &p.group.statement_timeout_max_ms; }, 1, day_ms},
    {"group", "lock_timeout_ms", [](place p) -> slot { return &p.group.lock_timeout_ms; }, 1, day_ms},
    {"group", "fence_wait_ms", [](place p) -> slot { return &p.group.fence_wait_ms; }, 1, 600'000},
    {"group", "connect_timeout_ms", [](place p) -> slot { return &p.group.connect_timeout_ms; }, 1, 600'000},
    {"group", "key_retention_s", [](place p) -> slot { return &p.group.key_retention_s; }, 60, year_s},
    {"group", "origin_retention_s", [](place p) -> slot { return &p.group.origin_retention_s; }, 60, year_s},
};

std::vector<key> all_keys() {
    std::vector<key> all(std::begin(node_keys), std::end(node_keys));
    all.insert(all.end(), std::begin(edge_keys), std::end(edge_keys));
    all.insert(all.end(), std::begin(group_keys), std::end(group_keys));
    return all;
}

}  // namespace

std::span<const key> keys() noexcept {
    static const std::vector<key> all = all_keys();
    return all;
}

std::vector<std::string> names_in(std::string_view table) {
    std::vector<std::string> names;
    for (const auto& each : keys()) {
        if (each.table != table) continue;
        names.emplace_back(each.name);
        if (each.needs == demand::secret) names.push_back(std::string(each.name) + "_file");
    }
    return names;
}

const std::vector<std::string_view>& tables() {
    static const std::vector<std::string_view> all{"node", "zookeeper", "link", "http", "log", "group"};
    return all;
}

}  // namespace penholder::config
