#pragma once

#include "database_server.hpp"
#include "ensemble.hpp"
#include "timeline.hpp"

#include <penholder/leadership.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace penholder::simulation {

class clients;

/// Looks on while a schedule runs, and says what was broken first.
class history {
public:
    void violated(std::string what);
    const std::optional<std::string>& violation() const noexcept { return violation_; }

    void watch(clients& whose) { clients_ = &whose; }
    void bound(std::size_t queue_max) { queue_max_ = queue_max; }

    // The ensemble.
    void znodes_changed(const moment& before, const moment& now);
    void wiped();

    // The database.
    void committing(const database_change& change, const database_state& before);
    void tail_lost(std::span<const database_change> lost);
    void slot_shared(int slot);

    // The nodes.
    void leader_dead();
    void process_began(int place);
    void has_database(int place, bool foreign);
    /// Some node's ensemble is not the group's.
    void has_other_ensemble() { two_ensembles_ = true; }
    /// Its database has answered: it knows which one that is.
    void found_database(int place) { identified_.insert(place); }
    void reported(int place, std::uint64_t life, const leadership& now);
    void queued(int place, std::size_t writes);
    /// A lane of this term was given the write.
    void taken(std::uint64_t term, int write) { ++ends_[{term, write}].attempts; }
    /// A connection was lost while the write's transaction was in it.
    void lost_with(int write) { ++losses_[write]; }
    /// Something from outside failed its transaction.
    void may_be_rejected(int write) { harmed_.insert(write); }
    /// It ended its connection, or more.
    void killed(std::uint64_t term, int write);

    /// Whether a write that could commit alone may have been rejected.
    bool has_excuse(int write) const { return harmed_.contains(write) || was_blamed(write); }
    bool was_blamed(int write) const;
    void forwarded(int from, const std::string& id);
    void asks_leader(int place);

    std::uint64_t highest_term() const noexcept { return highest_term_; }
    const std::string& last_leader() const noexcept { return last_leader_; }
    /// The last time that the leader's znode went and nobody took its place.
    time_point vacant_since() const noexcept { return vacant_since_; }

    /// Told of each election.
    std::function<void()> on_election;

private:
    void effected(const statement_effect& one, const database_change& change, const database_state& before);
    void evicted(const moment& before, const kept_znode& gone, const kept_znode& by);
    void elected(const moment& before, const kept_znode& leader);
    void overtaken(const moment& before, std::int64_t session, std::string_view last_leader);

    /// A term may have had two owners.
    bool nobody_can_know() const noexcept { return fence_lost_ && terms_lost_; }

    std::optional<std::string> violation_;
    clients* clients_ = nullptr;
    std::size_t queue_max_ = 0;
    std::uint64_t highest_term_ = 0;
    bool fence_lost_ = false;     ///< With the database's tail; until the next stands.
    bool two_ensembles_ = false;  ///< Each has terms of its own: only the fence tells them apart.
    bool terms_lost_ = false;     ///< With the znodes; until the next election.
    std::string last_leader_;
    time_point vacant_since_{};
    std::optional<time_point> dead_since_;                           ///< The leader is proven dead for somebody.
    std::map<std::uint64_t, std::pair<int, std::uint64_t>> owners_;  ///< Who served each term.
    std::map<int, leadership> reported_;
    struct ending {
        int attempts = 0;
        int kills = 0;
    };
    std::map<std::pair<std::uint64_t, int>, ending> ends_;  ///< By term and write.
    std::map<int, int> losses_;                             ///< Connections that were lost with the write.
    std::set<int> harmed_;
    std::set<int> foreign_;                         ///< Nodes with another database than the group's.
    std::set<int> identified_;                      ///< Those whose process knows which one it has.
    std::map<std::string, std::size_t> evictions_;  ///< By the incarnation of who evicted.
};

/// Where the simulated group's znodes are.
inline constexpr std::string_view group_path = "/penholder/g";

}  // namespace penholder::simulation
