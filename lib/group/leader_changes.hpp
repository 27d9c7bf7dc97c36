#pragma once

#include "action.hpp"
#include "change_timeline.hpp"
#include "election/process_death.hpp"
#include "instant.hpp"

#include <penholder/leadership.hpp>
#include <penholder/options.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::group {

/// What a node notices of changes of leader: how many there were, which leaders its link proved dead, and where the
/// time of a change went that ended in its own election. Decides what the log tells of them. Owned by the group's
/// machine; every call is legal at any time.
class leader_changes {
public:
    leader_changes(std::string group, std::string node) : group_(std::move(group)), node_(std::move(node)) {}

    void leadership_changed(const leadership& before, const leadership& now, time_point when);
    void link_broke(time_point when) { timeline_.detected(when); }
    void linked();
    void elected(time_point when) { timeline_.elected(when); }
    void fenced(time_point when) { timeline_.fenced(when); }

    /// The link proves that the leader is dead: the line for the log, where that is news.
    std::optional<action::log> process_died(const election::process_death& whose);

    /// The change under way is over for this node: its line, once.
    std::optional<action::log> finished(term which, std::optional<time_point> first_write = {});

    std::uint64_t changes() const noexcept { return changes_; }
    std::uint64_t process_deaths() const noexcept { return process_deaths_; }

private:
    std::string group_;
    std::string node_;
    change_timeline timeline_;
    election::process_death last_death_;
    std::uint64_t changes_ = 0;
    std::uint64_t process_deaths_ = 0;
};

}  // namespace penholder::group
