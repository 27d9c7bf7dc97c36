#pragma once

#include "group/failure_detector.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>
#include <penholder/leadership.hpp>
#include <penholder/status.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder {

namespace zookeeper {
class session;
}

/// Who stands in which group, and how.
struct election_driver_options {
    std::string root = "/penholder";
    std::string group;
    std::string node;
    incarnation life;
    std::string endpoint;  ///< For links.
    std::string http_endpoint;
    int priority = 0;
    bool observer = false;
    std::string version;
    std::string started_at;         ///< ISO 8601, UTC.
    std::string settings;           ///< Fingerprint of the settings that all nodes should share.
    bool has_database = true;       ///< Without one the node is eligible from the start.
    std::size_t max_evictions = 0;  ///< Of leaders proven dead, until none happened for `evictions_within`.
    std::chrono::milliseconds evictions_within{60000};
};

/// What the group is told. Every handler runs on the session's executor, never from inside a call to the
/// election_driver; those that are not wanted may be left empty.
struct election_driver_handlers {
    /// Every change, in order. A role of `offline` keeps the leader that was last known: links to it stay useful.
    std::function<void(const leadership&)> on_leadership;

    /// This node was elected: raise the fence for `term`, then call `fence_raised` or `fence_failed`. A group without a
    /// database calls `fence_raised` at once.
    std::function<void(std::uint64_t term)> on_elected;

    /// The leadership of `term` is about to be given up: take no new writes, finish what is in flight, then call
    /// `drained`.
    std::function<void(std::uint64_t term, std::function<void()> drained)> on_drain;

    std::function<void(const std::vector<member>&)> on_members;

    /// What keeps this node from taking part, or nothing any more.
    std::function<void(const std::optional<error>&)> on_trouble;
};

class election_driver_core;

/// One node's part in the election of one group: carries out what the elector decides, over the node's session with
/// the ensemble. Owned by the group; every call is made on the session's executor. The session must outlive it.
class election_driver {
public:
    election_driver(zookeeper::session& session, election_driver_options options, election_driver_handlers handlers);

    /// Leaves without a word where `stop` was not awaited; its znodes end with the session.
    ~election_driver();
    election_driver(const election_driver&) = delete;
    election_driver& operator=(const election_driver&) = delete;

    void start();

    /// Gives up leadership first (drained, handed to the next in succession), then leaves the group. Done at the latest
    /// after the drain's own deadline and a few round trips; at once without a connection.
    void stop(std::function<void()> done);

    /// Whether this node could lead: its database is reachable. A leader that becomes ineligible steps down.
    void set_eligible(bool eligible);

    /// The term that the database's fence shows; the next term will be higher.
    void database_term(std::uint64_t seen);

    /// Answers to `on_elected`. `seen` is the term in the database that stood in the way.
    void fence_raised(std::uint64_t term);
    void fence_failed(std::uint64_t term, error why, std::optional<std::uint64_t> seen = std::nullopt);

    /// The database refused this leader: `by` is the newer term, with its leader and where that accepts links (both may
    /// be empty when unknown). Steps down at once and follows the hint.
    void fenced(std::uint64_t by, std::string leader, std::string endpoint);

    /// What the link to the leader showed: its process is gone, or the leader of `term` answers (again).
    void leader_died(election::process_death proof);
    void leader_heard(std::uint64_t term);

    /// Asks the leader, whichever node that is, to hand over to `heir` (empty: the next in succession); completes once
    /// the next leader serves. Errors: those of zookeeper::request_handover, and in_progress when `within` has passed.
    void handover(std::string heir, std::chrono::milliseconds within, std::function<void(result<leadership>)> done);

    /// As `handover` without an heir. Errors: not_leader, refused, in_progress.
    void resign(std::chrono::milliseconds within, std::function<void(result<leadership>)> done);

    /// Errors: ensemble_unreachable.
    void pause(bool paused, std::function<void(result<>)> done);

    /// Errors: ensemble_unreachable.
    void history(std::function<void(result<std::vector<term_record>>)> done);

    const leadership& current() const noexcept;
    const std::vector<member>& members() const noexcept;
    bool paused() const noexcept;
    bool eligible() const noexcept;
    std::uint64_t evictions() const noexcept;
    std::string leader_since() const;  ///< ISO 8601, UTC; empty when unknown.
    const std::optional<error>& trouble() const noexcept;

private:
    std::shared_ptr<election_driver_core> core_;
};

}  // namespace penholder
