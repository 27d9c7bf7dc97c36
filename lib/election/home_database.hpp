#pragma once

#include "group_snapshot.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>

#include <optional>
#include <string>

namespace penholder::election {

/// Which database this node has and which one its group writes to. A node whose database is another takes no part: what
/// it committed there would be lost to the group, and keys would be used a second time. The group's is the one of its
/// last term, or the one that operators have moved it to since. It is remembered where the ensemble has lost it. Owned
/// by the elector.
class home_database {
public:
    /// `expected`: this node will look which one it has, and takes no part before it has tried.
    explicit home_database(bool expected) : looked_(!expected) {}

    /// The node looked; `identity` is empty where it could not.
    void found(std::string identity);
    void shown(const group_snapshot& seen);

    bool was_looked_at() const noexcept { return looked_; }
    const std::string& own() const noexcept { return own_; }
    bool takes_part() const noexcept { return looked_ && !is_foreign(); }
    bool is_foreign() const noexcept { return !own_.empty() && !groups_.empty() && own_ != groups_; }

    /// For people: what is wrong where it is foreign.
    std::optional<error> trouble(const std::string& node, const std::string& group) const;

private:
    void shown(term by, const std::string& identity);

    bool looked_;
    std::string own_;
    std::string groups_;
    term as_of_;  ///< The term that showed the group's.
};

}  // namespace penholder::election
