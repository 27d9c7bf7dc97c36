#pragma once

#include "base/clock.hpp"
#include "postgres/database.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder {

/// What a database_monitor tells its group.
struct database_monitor_handlers {
    std::function<void(bool eligible)> on_eligible;
    std::function<void(std::uint64_t term)> on_fence_seen;  ///< The term that the database's fence shows.
};

/// Whether this node's database can be written, and so whether the node may stand for election, and which term its
/// fence shows. It asks the database about once a second; while this node leads, the lane tells whether it can be
/// written. Owned by the group; runs on the group's executor.
class database_monitor : public std::enable_shared_from_this<database_monitor> {
public:
    database_monitor(boost::asio::any_io_executor executor, std::shared_ptr<postgres::database> database,
                     std::string group, std::string node, database_monitor_handlers handlers);

    void start();
    void stop();

    /// The lane connected: the database is there.
    void lane_opened();

    /// The lane lost its connection. A short outage changes nothing (nobody else could write either); a longer one
    /// makes this node ineligible, so that one which can still reach the database leads.
    void lane_lost(error why);

    /// The lane's term is over: ask the database again.
    void lane_closed();

    bool database_reachable() const noexcept { return reachable_; }
    const std::optional<error>& trouble() const noexcept { return trouble_; }

private:
    boost::asio::awaitable<void> watch();
    void found(bool reachable, std::optional<error> why);

    steady_timer timer_;
    steady_timer outage_;
    std::shared_ptr<postgres::database> database_;
    std::string group_;
    std::string node_;
    database_monitor_handlers handlers_;
    std::optional<error> trouble_;
    bool reachable_ = false;
    bool leading_ = false;
    bool stopped_ = false;
};

}  // namespace penholder
