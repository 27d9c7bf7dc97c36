#pragma once

#include "cluster.hpp"
#include "support/ports.hpp"
#include "support/tcp_proxy.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace penholder::testing {

/// A proxy stands between everybody and the node that it is in front of.
struct proxied_cluster {
    std::vector<std::unique_ptr<tcp_proxy>> proxies;
    cluster nodes;

    explicit proxied_cluster(std::size_t count, int session_timeout_ms = 3000,
                             const std::function<void(group_options&)>& set = {})
        : nodes({.nodes = 0, .session_timeout_ms = session_timeout_ms}) {
        for (std::size_t i = 0; i < count; ++i) {
            auto settings = nodes.node_options(i);
            const auto port = free_port();
            proxies.push_back(std::make_unique<tcp_proxy>(port));
            settings.link.listen = "127.0.0.1:" + std::to_string(port);
            settings.link.advertise = proxies.back()->endpoint();
            settings.link.ping_interval_ms = 100;
            settings.link.silence_timeout_ms = 500;
            if (set) set(settings.groups.front());
            nodes.add(std::move(settings));
        }
    }
};

}  // namespace penholder::testing
