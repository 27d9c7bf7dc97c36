#pragma once

#include "action.hpp"
#include "instant.hpp"
#include "model/fence_record.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::group {

/// Whether this node could lead, as far as its database goes, has changed.
struct eligibility_changed {
    bool eligible = false;
};

/// The term that the database's fence shows.
struct fence_seen {
    penholder::term term;
};

/// Which database it is; empty where the first probe could not tell.
struct database_identified {
    std::string identity;
};

using monitor_action = std::variant<action::probe, action::log, eligibility_changed, fence_seen, database_identified>;
using monitor_actions = std::vector<monitor_action>;

/// Whether this node's database can be written, and so whether the node may stand for election, and which term its
/// fence shows. It probes the database once a second, one probe at a time; while a lane is open, the lane tells whether
/// the database can be written. A short outage of the lane changes nothing (nobody else could write either); a longer
/// one makes this node ineligible, so that one which can still reach the database leads. Nothing happens before
/// `start` and after `stop`. Owned by the group's machine.
class database_monitor {
public:
    static constexpr std::chrono::milliseconds probe_every{1000};
    /// Longer than a restart of PostgreSQL takes, shorter than anybody's patience.
    static constexpr std::chrono::milliseconds outage_tolerated{5000};

    database_monitor(std::string group, std::string node) : group_(std::move(group)), node_(std::move(node)) {}

    monitor_actions start();
    void stop();

    /// `patience`: so long this node can wait for news, for others' sake. The database of a thousand nodes is not to
    /// answer a thousand probes a second: they leave it five times as much in between.
    monitor_actions probed(const result<fence_record>& seen, time_point now, std::chrono::milliseconds patience = {});

    /// The lane connected: the database is there.
    monitor_actions lane_opened();
    void lane_lost(error why, time_point now);
    /// The lane's term is over: the database is asked again.
    monitor_actions lane_closed();

    monitor_actions time_passed(time_point now);
    std::optional<time_point> next_deadline() const;

    /// At the leader, whether its lane's connection is up; the candidacy waits for `outage_tolerated` more.
    bool is_connected() const noexcept { return reachable_ && !outage_ends_; }
    const std::optional<error>& trouble() const noexcept { return trouble_; }

private:
    /// Where the next sign of life comes from.
    enum class phase { stopped, probing, resting };

    monitor_actions probe();
    void found(bool reachable, std::optional<error> why, monitor_actions& out);

    std::string group_;
    std::string node_;
    phase phase_ = phase::stopped;
    time_point rests_until_{};
    std::optional<time_point> outage_ends_;
    std::optional<error> trouble_;
    bool reachable_ = false;
    bool lane_is_open_ = false;
    bool looked_ = false;  ///< Once at least.
};

}  // namespace penholder::group
