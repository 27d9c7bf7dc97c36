#include "keys.hpp"

#include <algorithm>

namespace penholder::config {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::int64_t mebibyte = 1024LL * 1024;

constexpr key daemon_keys[] = {
    {"node", "stop_grace_ms", [](configuration& all) -> option_slot { return &all.stop_grace_ms; }, 0, 600'000},
    {"node", "stop_timeout_ms", [](configuration& all) -> option_slot { return &all.stop_timeout_ms; }, 0, 600'000},

    {"http", "listen", [](configuration& all) -> option_slot { return &all.http.listen; }},
    {"http", "advertise", [](configuration& all) -> option_slot { return &all.http.advertise; }},
    {"http", "token", [](configuration& all) -> option_slot { return &all.http.token; }, 0, 0, demand::secret},
    {"http", "operator_token", [](configuration& all) -> option_slot { return &all.http.operator_token; }, 0, 0,
     demand::secret},
    {"http", "tls_cert_file", [](configuration& all) -> option_slot { return &all.http.tls_cert_file; }},
    {"http", "tls_key_file", [](configuration& all) -> option_slot { return &all.http.tls_key_file; }},
    {"http", "tls_client_ca_file", [](configuration& all) -> option_slot { return &all.http.tls_client_ca_file; }},
    {"http", "max_body_bytes", [](configuration& all) -> option_slot { return &all.http.max_body_bytes; }, 1024,
     256 * mebibyte},
    {"http", "max_connections", [](configuration& all) -> option_slot { return &all.http.max_connections; }, 1,
     1'000'000},
    {"http", "request_timeout_ms", [](configuration& all) -> option_slot { return &all.http.request_timeout_ms; }, 100,
     600'000},
    {"http", "idle_timeout_ms", [](configuration& all) -> option_slot { return &all.http.idle_timeout_ms; }, 100,
     day_ms},
    {"http", "heartbeat_ms", [](configuration& all) -> option_slot { return &all.http.heartbeat_ms; }, 100, 3'600'000},
    {"http", "event_queue_max", [](configuration& all) -> option_slot { return &all.http.event_queue_max; }, 1,
     1'000'000},

    {"log", "level", [](configuration& all) -> option_slot { return &all.log.level; }, 0, 0, demand::choice,
     "trace|debug|info|warning|error|off"},
    {"log", "format", [](configuration& all) -> option_slot { return &all.log.format; }, 0, 0, demand::choice,
     "text|json"},
    {"log", "file", [](configuration& all) -> option_slot { return &all.log.file; }},
};

std::vector<key> all_keys() {
    std::vector<key> all;
    for (const auto& each : option_table()) {
        all.push_back({each.table, each.name, nullptr, each.least, each.most, each.needs, each.choices, each.at});
    }
    all.insert(all.end(), std::begin(daemon_keys), std::end(daemon_keys));
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
