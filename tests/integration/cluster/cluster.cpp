#include "cluster.hpp"

#include "postgres/schema.hpp"
#include "support/patience.hpp"

#include <atomic>
#include <stdexcept>
#include <utility>

namespace penholder::testing {

cluster::cluster(plan how) : plan_(std::move(how)) {
    static std::atomic<int> clusters = 0;
    database_ = "cluster_" + std::to_string(++clusters);
    root_ = "/" + database_;
    if (plan_.hosts.empty()) plan_.hosts = shared_zookeeper().connect_string();
    if (plan_.conninfo.empty()) {
        shared_postgres().create_database(database_);
        plan_.conninfo = shared_postgres().conninfo(database_);
    }
    if (plan_.initialise) {
        if (auto made = postgres::init_schema(plan_.conninfo); !made) throw std::runtime_error(made.error().message);
    }
    for (std::size_t i = 0; i < plan_.nodes; ++i) add(node_options(i));
}

options cluster::node_options(std::size_t index) const {
    options settings;
    settings.name = name(index);
    settings.zookeeper.hosts = plan_.hosts;
    settings.zookeeper.root = root_;
    settings.zookeeper.session_timeout_ms = plan_.session_timeout_ms;
    settings.link.secret = "a secret that all of them share";
    group_options orders;
    orders.name = "orders";
    orders.database = plan_.conninfo;
    settings.groups.push_back(orders);
    return settings;
}

running_node& cluster::add(options settings) {
    return *nodes_.emplace_back(std::make_unique<running_node>(std::move(settings)));
}

std::optional<std::size_t> cluster::leader() {
    std::optional<std::size_t> leader;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i] && nodes_[i]->leads("orders")) leader = i;
    }
    return leader;
}

std::size_t cluster::wait_for_leader() {
    std::optional<std::size_t> found;
    wait_until(
        "one node leads, all others are linked to it, and could follow it",
        [&] {
            found = leader();
            if (!found) return false;
            for (const auto& one : nodes_) {
                if (!one) continue;
                const auto status = one->status("orders");
                const bool observes = status.now.role == role::observer;
                if (!status.link_connected || (!status.eligible && !observes)) return false;
            }
            return true;
        },
        limit::leadership);
    return *found;
}

void cluster::remove(std::size_t index) {
    nodes_.at(index).reset();
}

}  // namespace penholder::testing
