#pragma once

#include "action.hpp"
#include "instant.hpp"

#include <optional>
#include <vector>

namespace penholder::group {

/// Where the time of one change of leader went, as the node that became leader saw it: from the first sign that the old
/// leader was going, to the first write committed under the new term. Owned by the group's machine; every call is legal
/// at any time.
class change_timeline {
public:
    /// A sign that the leader goes: its link broke, or the election shows it no longer. The first one counts.
    void detected(time_point when);

    /// Somebody leads and can be reached: there is no change under way.
    void settled() { detected_.reset(); }

    void elected(time_point when);
    void fenced(time_point when) { fenced_ = when; }
    void serving(time_point when) { serving_ = when; }

    /// The fields `elected_ms`, `fenced_ms`, `serving_ms` and `first_write_ms`, counted from the first sign; "none" for
    /// what did not happen. Nothing when it was reported before, or when this node was not elected.
    std::optional<std::vector<action::log::field>> report(std::optional<time_point> first_write);

private:
    std::optional<time_point> detected_;
    std::optional<time_point> began_;  ///< Of the change that ended in this node's election.
    std::optional<time_point> elected_;
    std::optional<time_point> fenced_;
    std::optional<time_point> serving_;
};

}  // namespace penholder::group
