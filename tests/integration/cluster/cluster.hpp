#pragma once

#include "running_node.hpp"
#include "support/shared_servers.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace penholder::testing {

/// Several nodes of one group "orders" on one database, with real servers beneath.
class cluster {
public:
    struct plan {
        std::size_t nodes = 3;
        std::string hosts{};     ///< The shared ZooKeeper server where empty.
        std::string conninfo{};  ///< A new database of the shared PostgreSQL server where empty.
        bool initialise = true;  ///< Create the schema.
        int session_timeout_ms = 3000;
    };

    cluster() : cluster(plan{}) {}
    explicit cluster(plan how);

    options node_options(std::size_t index) const;
    running_node& add(options settings);
    running_node& operator[](std::size_t index) { return *nodes_.at(index); }
    std::size_t size() const noexcept { return nodes_.size(); }

    /// Waits until one node serves and every other has a link to it and could lead, or observes; returns its index.
    std::size_t wait_for_leader();
    std::optional<std::size_t> leader();

    void remove(std::size_t index);  ///< Stops that node gracefully.

    const std::string& database() const noexcept { return database_; }
    const std::string& conninfo() const noexcept { return plan_.conninfo; }
    const std::string& root() const noexcept { return root_; }
    std::string name(std::size_t index) const { return "orders-" + std::to_string(index + 1); }

private:
    plan plan_;
    std::string database_;
    std::string root_;
    std::vector<std::unique_ptr<running_node>> nodes_;
};

}  // namespace penholder::testing
