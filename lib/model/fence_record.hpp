#pragma once

#include "ids.hpp"
#include "lineage.hpp"

#include <string>

namespace penholder {

/// One row of `penholder.fence`: who may write in a group, as the database knows it. Term 0 means nobody yet.
struct fence_record {
    std::string group;
    penholder::term term;
    std::string leader;     ///< Node name; empty at term 0.
    std::string endpoint;   ///< Where the leader accepts links, host:port.
    std::string fenced_at;  ///< ISO 8601, UTC; empty at term 0.
    /// Where it stands: the server's system identifier and the database's oid. Empty where that is unknown, or where
    /// any would do.
    std::string database{};
    penholder::lineage lineage{};  ///< Of the server that was asked.

    friend bool operator==(const fence_record&, const fence_record&) = default;
};

/// The answer to raising a fence: the record that stands now, and whether it is the one asked for. Where `raised` is
/// false somebody holds the same or a newer term, and `record` says who.
struct fence_answer {
    fence_record record;
    bool raised = false;
};

}  // namespace penholder
