#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// Where a group's znodes are. Group and node names are checked names, so they need no escaping.
struct group_paths {
    std::string group;
    std::string members;
    std::string candidates;
    std::string leader;
    std::string terms;
    std::string control;

    group_paths(std::string_view root, std::string_view name);

    std::string member(std::string_view node) const;
    std::string candidate(std::string_view znode) const;

    /// The persistent znodes, parents first.
    std::vector<std::string> persistent() const;
};

/// A session id as candidates' znodes carry it: 16 hexadecimal digits.
std::string session_text(std::int64_t session);

/// A candidate's znode name, "<session>-<sequence>", or "<session>-p<priority>-<sequence>" where the priority is not 0:
/// the names alone tell the order of succession. The sequence is signed and may be printed with a sign.
struct candidate_name {
    std::int64_t session = 0;
    std::int32_t sequence = 0;
    int priority = 0;
};

std::optional<candidate_name> parse_candidate_name(std::string_view znode);

/// What the names of all candidates of a session begin with.
std::string candidate_prefix(std::int64_t session);
/// What a candidate's znode name begins with, the ensemble appends the sequence.
std::string candidate_prefix(std::int64_t session, int priority);

}  // namespace penholder::election
