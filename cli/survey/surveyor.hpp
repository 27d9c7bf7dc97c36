#pragma once

#include "cli/sources.hpp"
#include "cli/survey/ensemble.hpp"
#include "cli/survey/survey.hpp"

#include <chrono>
#include <string>

namespace penholder::cli {

/// How far a look goes: whether members are asked that the ensemble lists, or only what is needed to know who leads.
enum class depth { leadership, everything };

/// Finds out about groups: asks the ensemble and, at the same time, the nodes that were named; then the members that
/// either of them named. Without the ensemble, nodes that answered an earlier survey are asked too. Owned by the
/// invocation; on its executor.
class surveyor {
public:
    surveyor(ensemble& with, const sources& from) : ensemble_(with), from_(from) {}

    /// Never fails: what could not be reached is part of what was found. All groups where `group` is empty.
    boost::asio::awaitable<survey> look(std::string group, depth how_far, std::chrono::milliseconds within);

private:
    struct partial;
    boost::asio::awaitable<partial> ask_ensemble(std::string group, std::chrono::milliseconds within);
    boost::asio::awaitable<partial> ask_nodes(std::vector<node_url> where, std::chrono::milliseconds within);
    boost::asio::awaitable<result<>> read_groups(zookeeper::session& with, std::string group, survey& into);

    void remember(const survey& found);

    ensemble& ensemble_;
    const sources& from_;
    std::vector<node_url> met_;  ///< Who answered before: to be asked when the ensemble is gone.
};

}  // namespace penholder::cli
