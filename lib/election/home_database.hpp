#pragma once

#include "group_snapshot.hpp"
#include "model/ids.hpp"
#include "model/lineage.hpp"

#include <penholder/error.hpp>

#include <optional>
#include <string>

namespace penholder::election {

/// Which database a group writes to, and where its fence was raised last. What operators have moved it to counts
/// whatever was raised before.
struct group_database {
    std::string identity;  ///< Empty where it is unknown.
    fence_raise last;
    bool adopted = false;

    friend bool operator==(const group_database&, const group_database&) = default;
};

/// Which database this node has and which one its group writes to. A node whose database is another takes no part: what
/// it committed there would be lost to the group, and keys would be used a second time. The group's is the one of its
/// last term, or the one that operators have moved it to since. It is remembered where the ensemble has lost it. So is
/// the last raise of the fence there, which tells an old primary from its successor. Owned by the elector.
class home_database {
public:
    /// `expected`: this node will look which one it has, and takes no part before it has tried.
    explicit home_database(bool expected) : looked_(!expected) {}

    /// The node looked; `identity` is empty where it could not.
    void found(std::string identity);
    void shown(const group_snapshot& seen);
    /// This node raised the fence of its own term there.
    void raised(const fence_raise& own);

    bool was_looked_at() const noexcept { return looked_; }
    const std::string& own() const noexcept { return own_; }
    bool takes_part() const noexcept { return looked_ && !is_foreign(); }
    bool is_foreign() const noexcept { return !own_.empty() && !groups_.empty() && own_ != groups_; }

    /// The group's, and the last raise there that is known.
    group_database groups() const { return {groups_, raised_, adopted_}; }
    const fence_raise& last_raise() const noexcept { return raised_; }
    /// Operators have moved the group since that term began, to another database or back on this one.
    bool was_moved_since(term own) const noexcept { return adopted_ && own < raised_.term; }

    /// For people: what is wrong where it is foreign.
    std::optional<error> trouble(const std::string& node, const std::string& group) const;

private:
    void shown(term by, const std::string& identity, const fence_raise& raised);

    bool looked_;
    std::string own_;
    std::string groups_;
    term as_of_;  ///< The term that showed the group's.
    fence_raise raised_;
    bool adopted_ = false;  ///< By operators, and nobody was elected there yet.
};

}  // namespace penholder::election
