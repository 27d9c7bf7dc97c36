#pragma once

#include "node_shell.hpp"
#include "timeline.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::simulation {

/// The nodes: their processes begin, end, pause and stop in order. Each is the product's own machine for a group, in a
/// shell of the simulation's.
class fleet {
public:
    fleet();
    ~fleet();
    fleet(const fleet&) = delete;
    fleet& operator=(const fleet&) = delete;

    void start(int place);
    void kill(int place);
    void stop(int place);
    void pause(int place, duration how_long);
    /// Which database it has from its next start on.
    void set_foreign(int place, bool foreign);
    bool is_foreign(int place) const noexcept { return node(place).foreign; }
    /// Which ensemble it has from its next start on.
    void set_elsewhere(int place, bool elsewhere);
    bool is_elsewhere(int place) const noexcept { return node(place).elsewhere; }

    int size() const noexcept { return static_cast<int>(nodes_.size()); }
    bool runs(int place) const noexcept { return node(place).session != nullptr; }
    std::vector<int> running() const;
    location where(int place) const { return node(place).where; }
    int place_of_origin(const std::string& origin) const;
    std::optional<int> leader() const;
    bool leader_serves() const;
    /// The nodes behind the leader, first successor first, as the ensemble shows them.
    std::vector<int> successors() const;

    // To be called where the process is.
    void submit(int place, write what, std::function<void(const receipt&)> done);
    void find(int place, const std::string& id, std::function<void(const result<std::optional<receipt>>&)> done);
    void check_pending(int place) const;
    void resign(int place);
    void retire(int place);

    simulation::session& session(int place) { return *node(place).session; }

    /// Nothing when one leads, all others follow it over a link, and nothing is left to do; else what is missing.
    std::optional<std::string> unsettled() const;

    std::function<void(int place)> on_gone;

private:
    struct node_state {
        location where;
        incarnation life;
        int priority = 0;
        std::shared_ptr<simulation::session> session;
        std::shared_ptr<node_shell> serves;
        bool stopping = false;
        bool foreign = false;    ///< Its database is another than the group's.
        bool elsewhere = false;  ///< Its ensemble is another than the group's.
    };

    node_state& node(int place) { return nodes_[static_cast<std::size_t>(place - 1)]; }
    const node_state& node(int place) const { return nodes_[static_cast<std::size_t>(place - 1)]; }
    void run(int place);
    group_options settings(int place) const;
    std::optional<std::string> unsettled(int place, const leadership& leader) const;

    std::vector<node_state> nodes_;
    std::map<std::string, int> origins_;
};

}  // namespace penholder::simulation
