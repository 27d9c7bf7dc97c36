#include "checks.hpp"

#include "address.hpp"
#include "model/ids.hpp"

#include <fmt/format.h>

#include <set>

namespace penholder::config {
namespace {

/// The endpoint that `text` names; a problem is recorded where it names none.
std::optional<address> endpoint(const std::string& path, result<address> parsed, const locate& where, problems& found) {
    if (parsed) return *std::move(parsed);
    found.add(where(path), fmt::format("'{}': {}", path, parsed.error().message));
    return std::nullopt;
}

void check_hosts(const zookeeper_options& settings, const locate& where, problems& found) {
    constexpr auto path = "zookeeper.hosts";
    if (settings.hosts.empty()) return;
    if (settings.hosts.find('/') != std::string::npos) {
        found.add(where(path), "'zookeeper.hosts' has a path in it; write it into zookeeper.root instead");
        return;
    }
    std::string_view rest = settings.hosts;
    while (true) {
        const auto comma = rest.find(',');
        const auto host = endpoint(path, parse_endpoint(rest.substr(0, comma)), where, found);
        if (host && host->port == 0) found.add(where(path), "'zookeeper.hosts' has port 0; name the ensemble's port");
        if (comma == std::string_view::npos) return;
        rest.remove_prefix(comma + 1);
    }
}

void check_ensemble(const zookeeper_options& settings, const locate& where, problems& found) {
    check_hosts(settings, where, found);
    const auto& root = settings.root;
    if (root.size() < 2 || root.front() != '/' || root.back() == '/' || root.find("//") != std::string::npos) {
        found.add(where("zookeeper.root"),
                  fmt::format("'zookeeper.root' is '{}', expected a path such as /penholder", root));
    }
    if (!settings.digest.empty() && settings.digest.find(':') == std::string::npos) {
        found.add(where("zookeeper.digest"), "'zookeeper.digest' has no ':'; expected user:password");
    }
}

void check_link(const link_options& settings, const locate& where, problems& found) {
    const auto listen = endpoint("link.listen", parse_endpoint(settings.listen), where, found);
    if (listen && !listen->is_loopback() && settings.secret.empty()) {
        found.add(where("link.listen"),
                  fmt::format("'link.listen' is {}, which strangers can reach, and there is no link.secret; set "
                              "link.secret_file, the same on every node",
                              settings.listen));
    }
    if (listen && listen->is_any() && settings.advertise.empty()) {
        found.add(where("link.listen"), fmt::format("'link.listen' is {}, which nobody can connect to; set "
                                                    "link.advertise to the address that other nodes reach",
                                                    settings.listen));
    }
    if (!settings.advertise.empty()) {
        endpoint("link.advertise", parse_endpoint(settings.advertise), where, found);
    }
    if (settings.silence_timeout_ms < 2 * settings.ping_interval_ms) {
        found.add(where("link.silence_timeout_ms"),
                  fmt::format("'link.silence_timeout_ms' is {}, expected at least twice link.ping_interval_ms ({})",
                              settings.silence_timeout_ms, settings.ping_interval_ms));
    }
}

void check_http(const http_options& settings, const locate& where, problems& found) {
    if (settings.listen.empty()) return;
    const auto listen = endpoint("http.listen", parse_listen(settings.listen), where, found);
    if (listen && !listen->is_loopback() && settings.token.empty()) {
        found.add(where("http.listen"),
                  fmt::format("'http.listen' is {}, which strangers can reach, and there is no http.token; set "
                              "http.token_file, or listen on 127.0.0.1 or a unix socket",
                              settings.listen));
    }
    if (!settings.operator_token.empty() && settings.operator_token == settings.token) {
        found.warn(where("http.operator_token"),
                   "'http.operator_token' equals http.token, so every application may hand over the leadership");
    }
}

void check_group(const group_options& group, const std::string& path, const locate& where, problems& found) {
    if (const auto named = check_name("group", group.name); !group.name.empty() && !named) {
        found.add(where(path + ".name"), named.error().message);
    }
    if (group.default_deadline_ms > group.max_deadline_ms) {
        found.add(where(path + ".default_deadline_ms"),
                  fmt::format("'group.default_deadline_ms' is {}, more than group.max_deadline_ms ({})",
                              group.default_deadline_ms, group.max_deadline_ms));
    }
    if (group.key_retention_s < group.max_deadline_ms / 1000) {
        found.add(
            where(path + ".key_retention_s"),
            fmt::format("'group.key_retention_s' is {}, shorter than group.max_deadline_ms ({} ms): a write could "
                        "be forgotten while it is still being asked for",
                        group.key_retention_s, group.max_deadline_ms));
    }
}

void check_groups(const std::vector<group_options>& groups, const locate& where, problems& found) {
    std::set<std::string> names;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto path = fmt::format("group[{}]", i);
        check_group(groups[i], path, where, found);
        if (!groups[i].name.empty() && !names.insert(groups[i].name).second) {
            found.add(where(path + ".name"),
                      fmt::format("there are two groups named '{}'; rename or remove one", groups[i].name));
        }
    }
}

}  // namespace

void check(const configuration& settings, const locate& where, problems& found) {
    const auto& node = settings.node;
    if (const auto named = check_name("node", node.name); !node.name.empty() && !named) {
        found.add(where("node.name"), named.error().message);
    }
    check_ensemble(node.zookeeper, where, found);
    check_link(node.link, where, found);
    check_http(settings.http, where, found);
    check_groups(node.groups, where, found);
}

}  // namespace penholder::config
