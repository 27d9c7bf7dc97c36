#include "leader_changes.hpp"

#include <utility>

namespace penholder::group {

void leader_changes::leadership_changed(const leadership& before, const leadership& now, time_point when) {
    const bool other_leader = before.leader != now.leader;
    if (other_leader || before.term != now.term) ++changes_;
    if (other_leader && before.leader != node_) timeline_.detected(when);
    if (!before.is_leader() && now.is_leader()) timeline_.serving(when);
}

void leader_changes::linked() {
    timeline_.settled();
    last_death_ = {};
}

std::optional<action::log> leader_changes::process_died(const election::process_death& whose) {
    if (whose == last_death_) return std::nullopt;
    last_death_ = whose;
    ++process_deaths_;
    return action::log{true,
                       "leader_dead",
                       {{"group", group_},
                        {"node", node_},
                        {"leader", whose.node},
                        {"term", std::to_string(whose.term.value)},
                        {"incarnation", whose.incarnation},
                        {"evidence", whose.evidence}}};
}

std::optional<action::log> leader_changes::finished(term which, std::optional<time_point> first_write) {
    const auto told = timeline_.report(first_write);
    if (!told) return std::nullopt;
    action::log line{
        false, "leader_change", {{"group", group_}, {"node", node_}, {"term", std::to_string(which.value)}}};
    line.fields.insert(line.fields.end(), told->begin(), told->end());
    return line;
}

}  // namespace penholder::group
