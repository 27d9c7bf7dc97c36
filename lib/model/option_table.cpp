#include "option_table.hpp"

#include <fmt/format.h>

namespace penholder {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::int64_t mebibyte = 1024LL * 1024;
constexpr std::int64_t gibibytes = 1024 * mebibyte * 1024;
constexpr std::int64_t year_s = 366LL * 24 * 3600;

constexpr option table[] = {
    {"node", "name", [](options& in, group_options&) -> option_slot { return &in.name; }, 0, 0, demand::required},
    {"zookeeper", "hosts", [](options& in, group_options&) -> option_slot { return &in.zookeeper.hosts; }, 0, 0,
     demand::required},
    {"zookeeper", "session_timeout_ms",
     [](options& in, group_options&) -> option_slot { return &in.zookeeper.session_timeout_ms; }, 100, 600'000},
    {"zookeeper", "root", [](options& in, group_options&) -> option_slot { return &in.zookeeper.root; }},
    {"zookeeper", "digest", [](options& in, group_options&) -> option_slot { return &in.zookeeper.digest; }, 0, 0,
     demand::secret},
    {"zookeeper", "tls_ca_file", [](options& in, group_options&) -> option_slot { return &in.zookeeper.tls_ca_file; }},
    {"zookeeper", "tls_cert_file",
     [](options& in, group_options&) -> option_slot { return &in.zookeeper.tls_cert_file; }},
    {"zookeeper", "tls_key_file",
     [](options& in, group_options&) -> option_slot { return &in.zookeeper.tls_key_file; }},
    {"link", "listen", [](options& in, group_options&) -> option_slot { return &in.link.listen; }},
    {"link", "advertise", [](options& in, group_options&) -> option_slot { return &in.link.advertise; }},
    {"link", "secret", [](options& in, group_options&) -> option_slot { return &in.link.secret; }, 0, 0,
     demand::kept_secret},
    {"link", "secret_file", [](options& in, group_options&) -> option_slot { return &in.link.secret_file; }},
    {"link", "tls_cert_file", [](options& in, group_options&) -> option_slot { return &in.link.tls_cert_file; }},
    {"link", "tls_key_file", [](options& in, group_options&) -> option_slot { return &in.link.tls_key_file; }},
    {"link", "tls_ca_file", [](options& in, group_options&) -> option_slot { return &in.link.tls_ca_file; }},
    {"link", "ping_interval_ms", [](options& in, group_options&) -> option_slot { return &in.link.ping_interval_ms; },
     10, 60'000},
    {"link", "silence_timeout_ms",
     [](options& in, group_options&) -> option_slot { return &in.link.silence_timeout_ms; }, 50, 600'000},
    {"link", "handshake_timeout_ms",
     [](options& in, group_options&) -> option_slot { return &in.link.handshake_timeout_ms; }, 50, 600'000},
    {"link", "max_frame_bytes", [](options& in, group_options&) -> option_slot { return &in.link.max_frame_bytes; },
     64 * 1024, 1024 * mebibyte},
    {"link", "max_in_flight", [](options& in, group_options&) -> option_slot { return &in.link.max_in_flight; }, 1,
     1'000'000},
    {"link", "max_links", [](options& in, group_options&) -> option_slot { return &in.link.max_links; }, 1, 1'000'000},
    {"link", "max_handshakes", [](options& in, group_options&) -> option_slot { return &in.link.max_handshakes; }, 1,
     1'000'000},
    {"group", "name", [](options&, group_options& in) -> option_slot { return &in.name; }, 0, 0, demand::required},
    {"group", "database", [](options&, group_options& in) -> option_slot { return &in.database; }, 0, 0,
     demand::secret},
    {"group", "priority", [](options&, group_options& in) -> option_slot { return &in.priority; }, -1'000'000,
     1'000'000},
    {"group", "observer", [](options&, group_options& in) -> option_slot { return &in.observer; }},
    {"group", "takeover", [](options&, group_options& in) -> option_slot { return &in.takeover; }, 0, 0, demand::choice,
     "on_process_death|on_session_expiry"},
    {"group", "takeover_max_evictions",
     [](options&, group_options& in) -> option_slot { return &in.takeover_max_evictions; }, 1, 1'000'000},
    {"group", "takeover_window_s", [](options&, group_options& in) -> option_slot { return &in.takeover_window_s; }, 1,
     86'400},
    {"group", "default_deadline_ms", [](options&, group_options& in) -> option_slot { return &in.default_deadline_ms; },
     1, day_ms},
    {"group", "max_deadline_ms", [](options&, group_options& in) -> option_slot { return &in.max_deadline_ms; }, 1,
     day_ms},
    {"group", "batch_max_writes", [](options&, group_options& in) -> option_slot { return &in.batch_max_writes; }, 1,
     10'000},
    {"group", "queue_max_writes", [](options&, group_options& in) -> option_slot { return &in.queue_max_writes; }, 1,
     10'000'000},
    {"group", "queue_max_bytes", [](options&, group_options& in) -> option_slot { return &in.queue_max_bytes; },
     mebibyte, gibibytes},
    {"group", "queue_time_max_ms", [](options&, group_options& in) -> option_slot { return &in.queue_time_max_ms; }, 1,
     day_ms},
    {"group", "pending_max_writes", [](options&, group_options& in) -> option_slot { return &in.pending_max_writes; },
     1, 10'000'000},
    {"group", "pending_max_bytes", [](options&, group_options& in) -> option_slot { return &in.pending_max_bytes; },
     mebibyte, gibibytes},
    {"group", "sessions_max", [](options&, group_options& in) -> option_slot { return &in.sessions_max; }, 1, 64},
    {"group", "max_receipt_bytes", [](options&, group_options& in) -> option_slot { return &in.max_receipt_bytes; },
     1024, 256 * mebibyte},
    {"group", "error_detail", [](options&, group_options& in) -> option_slot { return &in.error_detail; }},
    {"group", "harmless_functions", [](options&, group_options& in) -> option_slot { return &in.harmless_functions; }},
    {"group", "no_version_columns", [](options&, group_options& in) -> option_slot { return &in.no_version_columns; }},
    {"group", "statement_timeout_max_ms",
     [](options&, group_options& in) -> option_slot { return &in.statement_timeout_max_ms; }, 1, day_ms},
    {"group", "lock_timeout_ms", [](options&, group_options& in) -> option_slot { return &in.lock_timeout_ms; }, 1,
     day_ms},
    {"group", "fence_wait_ms", [](options&, group_options& in) -> option_slot { return &in.fence_wait_ms; }, 1,
     600'000},
    {"group", "connect_timeout_ms", [](options&, group_options& in) -> option_slot { return &in.connect_timeout_ms; },
     1, 600'000},
    {"group", "key_retention_s", [](options&, group_options& in) -> option_slot { return &in.key_retention_s; }, 60,
     year_s},
    {"group", "origin_retention_s", [](options&, group_options& in) -> option_slot { return &in.origin_retention_s; },
     60, year_s},
};

bool is_choice(std::string_view choices, std::string_view value) {
    return !value.empty() && value.find('|') == std::string_view::npos &&
           fmt::format("|{}|", choices).find(fmt::format("|{}|", value)) != std::string::npos;
}

}  // namespace

std::span<const option> option_table() noexcept {
    return table;
}

std::optional<std::string> range_problem(std::string_view table_name, std::string_view name, std::int64_t value,
                                         std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return std::nullopt;
    return fmt::format("'{}.{}' is {}, expected {} to {}", table_name, name, value, least, most);
}

std::optional<std::string> choice_problem(std::string_view table_name, std::string_view name, std::string_view value,
                                          std::string_view choices) {
    if (is_choice(choices, value)) return std::nullopt;
    return fmt::format("'{}.{}' is '{}', expected one of {}", table_name, name, value, choices);
}

}  // namespace penholder
