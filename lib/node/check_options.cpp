#include "check_options.hpp"

#include "model/ids.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <string>

namespace penholder {
namespace {

error unsound(std::string message) {
    return {errc::invalid_configuration, std::move(message)};
}

template <class Number>
result<> at_least(std::string_view option, Number value, Number least) {
    if (value >= least) return {};
    return unsound(fmt::format("{} is {}; it must be at least {}", option, value, least));
}

result<> check_group(const group_options& group) {
    if (auto named = check_name("group", group.name); !named) return unsound(named.error().message);
    if (group.takeover != "on_process_death" && group.takeover != "on_session_expiry") {
        return unsound(fmt::format("group '{}': takeover is '{}'; it is \"on_process_death\" or \"on_session_expiry\"",
                                   group.name, group.takeover));
    }
    const auto option = [&](std::string_view key) { return fmt::format("group '{}': {}", group.name, key); };
    const std::pair<std::string_view, std::size_t> sizes[] = {{"batch_max_writes", group.batch_max_writes},
                                                              {"queue_max_writes", group.queue_max_writes},
                                                              {"queue_max_bytes", group.queue_max_bytes},
                                                              {"pending_max_writes", group.pending_max_writes},
                                                              {"pending_max_bytes", group.pending_max_bytes}};
    for (const auto& [key, value] : sizes) {
        if (auto sound = at_least<std::size_t>(option(key), value, 1); !sound) return sound;
    }
    const std::pair<std::string_view, int> times[] = {{"default_deadline_ms", group.default_deadline_ms},
                                                      {"max_deadline_ms", group.max_deadline_ms},
                                                      {"statement_timeout_max_ms", group.statement_timeout_max_ms},
                                                      {"queue_time_max_ms", group.queue_time_max_ms},
                                                      {"lock_timeout_ms", group.lock_timeout_ms},
                                                      {"fence_wait_ms", group.fence_wait_ms},
                                                      {"connect_timeout_ms", group.connect_timeout_ms},
                                                      {"takeover_window_s", group.takeover_window_s},
                                                      {"key_retention_s", group.key_retention_s},
                                                      {"origin_retention_s", group.origin_retention_s}};
    for (const auto& [key, value] : times) {
        if (auto sound = at_least(option(key), value, 1); !sound) return sound;
    }
    if (group.default_deadline_ms > group.max_deadline_ms) {
        return unsound(fmt::format("{} is {}, above max_deadline_ms = {}; lower it or raise the maximum",
                                   option("default_deadline_ms"), group.default_deadline_ms, group.max_deadline_ms));
    }
    return {};
}

result<> check_link(const link_options& link) {
    const std::pair<std::string_view, int> times[] = {{"link.ping_interval_ms", link.ping_interval_ms},
                                                      {"link.silence_timeout_ms", link.silence_timeout_ms},
                                                      {"link.handshake_timeout_ms", link.handshake_timeout_ms}};
    for (const auto& [option, value] : times) {
        if (auto sound = at_least(option, value, 1); !sound) return sound;
    }
    if (link.silence_timeout_ms <= link.ping_interval_ms) {
        return unsound("link.silence_timeout_ms must be longer than link.ping_interval_ms, or every idle link is cut");
    }
    if (auto sound = at_least<std::size_t>("link.max_frame_bytes", link.max_frame_bytes, 4096); !sound) return sound;
    const std::pair<std::string_view, std::size_t> sizes[] = {{"link.max_in_flight", link.max_in_flight},
                                                              {"link.max_links", link.max_links},
                                                              {"link.max_handshakes", link.max_handshakes}};
    for (const auto& [option, value] : sizes) {
        if (auto sound = at_least<std::size_t>(option, value, 1); !sound) return sound;
    }
    return {};
}

}  // namespace

result<> check(const options& settings) {
    if (auto named = check_name("node", settings.name); !named) return unsound(named.error().message);
    if (settings.zookeeper.hosts.empty()) return unsound("zookeeper.hosts is empty; name the ensemble's servers");
    if (!settings.zookeeper.root.starts_with('/') || settings.zookeeper.root.ends_with('/')) {
        return unsound("zookeeper.root is '" + settings.zookeeper.root +
                       "'; it begins with '/' and does not end with it");
    }
    if (auto sound = at_least("zookeeper.session_timeout_ms", settings.zookeeper.session_timeout_ms, 100); !sound) {
        return sound;
    }
    if (auto sound = check_link(settings.link); !sound) return sound;
    if (settings.groups.empty()) return unsound("there is no group; a node without one has nothing to do");
    std::set<std::string> names;
    for (const auto& group : settings.groups) {
        if (auto sound = check_group(group); !sound) return sound;
        if (!names.insert(group.name).second) return unsound("group '" + group.name + "' is there twice");
    }
    return {};
}

std::string shared_settings(const group_options& group, const zookeeper_options& ensemble) {
    const auto text =
        fmt::format("{} {} {} {} {} {} {} {} {}", ensemble.root, ensemble.session_timeout_ms, !group.database.empty(),
                    group.takeover, group.max_deadline_ms, group.statement_timeout_max_ms, group.fence_wait_ms,
                    group.key_retention_s, group.origin_retention_s);
    // FNV-1a: the same on every machine and release, unlike std::hash.
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return fmt::format("{:016x}", hash);
}

}  // namespace penholder
