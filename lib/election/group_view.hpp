#pragma once

#include "records.hpp"

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// A candidate as the ensemble shows it to people.
struct candidate_view {
    std::string node;
    int priority = 0;
    bool eligible = false;
    std::int32_t sequence = 0;
    std::string znode;
    std::int64_t session_id = 0;
    bool unreached = false;  ///< No follower could link to it when it led last.
};

/// One group as the ensemble shows it to people and tools: unlike a `group_snapshot`, which is what one candidate needs
/// to act on, it names every member and belongs to no node.
struct group_view {
    std::string group;
    std::vector<member> members;             ///< By name.
    std::vector<candidate_view> candidates;  ///< In the order of succession; those who cannot lead come last.
    std::optional<leader_record> leader;
    std::int64_t leader_session = 0;
    std::vector<term_record> terms;  ///< Oldest first.
    control_record control;
    std::int32_t control_version = 0;
    std::vector<error> warnings;  ///< Entries that cannot be read.

    /// Which database the group writes to: the one that operators moved it to, else that of the last term. Empty where
    /// that is unknown.
    std::string database() const;
    /// Where its fence was raised last there; of the term in which operators moved it, where they have.
    fence_raise last_raise() const;

    /// Null where the node has none.
    const candidate_view* candidate_of(std::string_view node) const noexcept;

    /// Brings members and candidates into their order.
    void sort();
};

}  // namespace penholder::election
