#pragma once

#include "records.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::election {

/// How much of a group is read: `leader` and `control` only, or every znode that an election rests on.
enum class scope : std::uint8_t { partial, full };

/// The `leader` znode as it was read; without a record where that is garbage.
struct leader_seen {
    std::optional<leader_record> record;
    std::int64_t owner = 0;
    std::int32_t version = 0;
    std::optional<std::int32_t> member_version{};  ///< Of the same session's member znode, as a full read found it.
};

/// A candidate's znode as it was read. Garbage is an ineligible candidate without a name.
struct candidate_seen {
    std::string znode;
    candidate_record record;
    std::int32_t version = 0;
};

/// The znode of this node's name under `members`.
struct member_seen {
    std::int64_t owner = 0;
    std::string incarnation;
};

/// What one reading of a group showed. A partial read leaves everything behind `control_version` empty.
struct group_snapshot {
    election::scope scope = scope::partial;
    bool group_exists = true;  ///< All persistent znodes that were read are there.
    std::optional<leader_seen> leader;
    control_record control;
    std::int32_t control_version = 0;

    std::optional<member_seen> self;
    std::vector<candidate_seen> candidates;
    std::vector<term_record> terms;
    std::int32_t terms_version = 0;

    std::vector<error> warnings;  ///< Entries that are garbage.
};

}  // namespace penholder::election
