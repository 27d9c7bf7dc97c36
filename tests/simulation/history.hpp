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

    // The nodes.
    void process_began(int place) { reported_.erase(place); }
    void reported(int place, std::uint64_t life, const leadership& now);
    void queued(int place, std::size_t writes);
    void forwarded(int from, const std::string& id);

    /// Told of each election.
    std::function<void()> on_election;

private:
    void evicted(const moment& before, const kept_znode& gone, const kept_znode& by);
    void elected(const moment& before, const kept_znode& leader);
    void overtaken(const moment& before, std::int64_t session, std::string_view last_leader);

    std::optional<std::string> violation_;
    clients* clients_ = nullptr;
    std::size_t queue_max_ = 0;
    std::uint64_t highest_term_ = 0;
    bool fence_lost_ = false;  ///< With the database's tail; until the next stands.
    bool terms_lost_ = false;  ///< With the znodes; until the next election.
    std::string last_leader_;
    std::map<std::uint64_t, std::pair<int, std::uint64_t>> owners_;  ///< Who served each term.
    std::map<int, leadership> reported_;
    std::map<std::string, std::size_t> evictions_;  ///< By the incarnation of who evicted.
};

/// Where the simulated group's znodes are.
inline constexpr std::string_view group_path = "/penholder/g";

}  // namespace penholder::simulation
