#pragma once

#include "cluster.hpp"
#include "postgres/schema.hpp"
#include "sidecar.hpp"
#include "support/patience.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace penholder::testing {

inline constexpr int long_session_ms = 30000;
/// Less than such a session, and more than a busy machine needs.
inline constexpr auto much_sooner = std::chrono::seconds(8);

/// Where sidecars find their ensemble, where it is not the shared server.
struct other_ensemble {
    std::string hosts;
    std::string keys;  ///< More lines for its table.
};

/// Sidecars of one group on a database of that name, with a table `marks`.
struct sidecars {
    std::string database;
    std::vector<std::unique_ptr<sidecar>> all;

    explicit sidecars(const std::string& name, int session_timeout_ms = 2000, const std::string& group_keys = {},
                      const std::function<std::string(const std::string& node)>& link_keys = {},
                      const other_ensemble& ensemble = {})
        : database(name) {
        shared_postgres().create_database(database);
        const auto conninfo = shared_postgres().conninfo(database);
        if (auto made = postgres::init_schema(conninfo); !made) throw std::runtime_error(made.error().message);
        shared_postgres().exec("CREATE TABLE marks (mark text NOT NULL)", database);
        for (int i = 1; i <= 3; ++i) {
            const auto node = "orders-" + std::to_string(i);
            all.push_back(std::make_unique<sidecar>(sidecar::plan{
                node, ensemble.hosts.empty() ? shared_zookeeper().connect_string() : ensemble.hosts, "/" + database,
                conninfo, session_timeout_ms, group_keys, ensemble.keys, link_keys ? link_keys(node) : std::string()}));
        }
    }

    bool leads(std::size_t index) { return all[index]->running().running() && all[index]->role() == "serving"; }

    /// The leader's session, as the ensemble names it.
    std::string leaders_session() const { return shared_zookeeper().owner_of("/" + database + "/orders/leader"); }

    /// Another than `but` where that is given.
    std::size_t wait_for_leader(std::chrono::milliseconds most = limit::leadership, std::size_t but = 99) {
        std::size_t leader = 0;
        wait_until(
            "a sidecar leads",
            [&] {
                for (leader = 0; leader < all.size(); ++leader) {
                    if (leader != but && leads(leader)) return true;
                }
                return false;
            },
            most);
        return leader;
    }

    /// Every follower has its link to the leader: only such a link can tell of a death.
    void wait_for_links(std::size_t leader) {
        wait_until(
            "every follower is linked",
            [&] {
                for (std::size_t i = 0; i < all.size(); ++i) {
                    const auto status = all[i]->status();
                    const auto* fields = status.if_object();
                    const auto* linked = fields != nullptr ? fields->if_contains("link_connected") : nullptr;
                    if (i != leader && (linked == nullptr || !linked->get_bool())) return false;
                }
                return true;
            },
            limit::leadership);
    }
};

}  // namespace penholder::testing
