#pragma once

#include "model/ids.hpp"
#include "timeline.hpp"
#include "wire/link_loss.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace penholder::simulation {

class node_shell;

/// A process that accepts links.
struct listening {
    location where;
    incarnation life;
    std::string node;
    node_shell* serves = nullptr;
    bool accepting = true;
    time_point feigns_death_until{};  ///< Until then its address refuses.
    bool refused = false;             ///< It, or what was there before it, has refused somebody.
};

/// One end's view of a link's fate: told once.
struct link_end {
    location where;
    std::function<void(wire::loss how, std::string why)> on_lost;
    bool open = true;
    time_point last_delivery{};
};

/// An established connection between a follower and a leader.
struct established {
    link_end follower;
    link_end leader;
    std::vector<std::pair<int, std::function<void()>>> stalled;  ///< By the direction that is cut: the sender's place.
};

/// What lies between nodes, and between nodes and the database: ways that can be cut in one direction each, connections
/// that are reset, half open or silent. Messages on one connection stay in order; while their way is cut they wait.
class network {
public:
    using connection = std::shared_ptr<established>;

    // Links.
    void listen(const std::string& endpoint, listening who) { listeners_.insert_or_assign(endpoint, who); }
    void close(const std::string& endpoint);
    const listening* find(const std::string& endpoint) const;
    listening* find(const std::string& endpoint);
    bool reaches(int from, int to) const { return !cut_.contains({from, to}); }
    connection establish(location follower, location leader);
    void send(const connection& over, bool to_leader, std::function<void()> deliver);
    /// One end closes; the other hears of it if it can.
    void part(const connection& over, bool by_follower, wire::loss how, const std::string& why);

    // The world's doing.
    void cut(int from, int to);
    void mend(int from, int to);
    void reset(int place);
    void process_gone(location who);
    void process_paused(int place, duration how_long);

    // The database's side; it is reached or not, both ways.
    bool database_reaches(int place) const { return !database_cut_.contains(place); }
    void cut_database(int place) { database_cut_.insert(place); }
    void mend_database(int place);
    /// Runs `deliver` when the database and the node reach each other.
    void when_database_reaches(int place, std::function<void()> deliver);

private:
    void lose(link_end& end, wire::loss how, const std::string& why);
    void end_half_open(const connection& over);
    void notice_silence(const connection& over, int quiet);
    void forget_closed();

    std::map<std::string, listening> listeners_;
    std::set<std::pair<int, int>> cut_;
    std::map<std::pair<int, int>, std::uint64_t> cuts_;  ///< Counted, to know a cut from a later one.
    std::vector<connection> connections_;
    std::set<int> database_cut_;
    std::vector<std::pair<int, std::function<void()>>> database_stalled_;
};

/// A link or a database connection is given up after so long a silence.
inline constexpr std::chrono::milliseconds silence{300};

}  // namespace penholder::simulation
