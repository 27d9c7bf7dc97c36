#include "patience.hpp"
#include "ports.hpp"
#include "zookeeper_server.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace penholder::testing {

zookeeper_ensemble::zookeeper_ensemble() {
    set_up(std::vector<std::optional<zookeeper_tls>>(3));
}

zookeeper_ensemble::zookeeper_ensemble(const std::vector<zookeeper_tls>& by) {
    set_up({by.begin(), by.end()});
}

void zookeeper_ensemble::set_up(const std::vector<std::optional<zookeeper_tls>>& by) {
    const auto ports = free_ports(9);
    std::vector<zookeeper_ports> everybody;
    for (std::size_t i = 0; i < 3; ++i) everybody.push_back({ports[i], ports[i + 3], ports[i + 6]});
    for (unsigned id = 1; id <= 3; ++id) {
        servers_.push_back(std::make_unique<zookeeper_server>(id, everybody, by.at(id - 1)));
    }
    start();
}

std::string zookeeper_ensemble::connect_string() const {
    std::string text;
    for (const auto& server : servers_) text += (text.empty() ? "" : ",") + server->connect_string();
    return text;
}

std::optional<std::size_t> zookeeper_ensemble::leader() const {
    for (std::size_t i = 0; i < servers_.size(); ++i)
        if (servers_[i]->ask("srvr").find("Mode: leader") != std::string::npos) return i;
    return std::nullopt;
}

void zookeeper_ensemble::wait_for_quorum(std::size_t servers) const {
    const auto enough = [&] {
        return leader() && std::ranges::count_if(servers_, [](const auto& one) { return one->serving(); }) >=
                               static_cast<std::ptrdiff_t>(servers);
    };
    wait_until(fmt::format("{} ZooKeeper servers of the ensemble serve", servers), enough, limit::boot);
}

void zookeeper_ensemble::stop() {
    for (const auto& server : servers_) server->stop();
}

void zookeeper_ensemble::start() {
    for (const auto& server : servers_) server->start();
    wait_for_quorum(servers_.size());
}

}  // namespace penholder::testing
