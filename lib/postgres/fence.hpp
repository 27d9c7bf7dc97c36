#pragma once

#include "lane/opened.hpp"
#include "model/fence_record.hpp"
#include "raise_memory.hpp"
#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <string>

namespace penholder::postgres {

/// What blocks: reading and raising a group's fence. Each call is bounded by the group's time-outs. Worker threads
/// only. Where a fence that is wanted or held names a database, any other is refused as unreachable, and nothing is
/// raised there. So is a server that lacks the last raise in the memory, which each raise is added to.

/// The group's fence row, made first where there is none. Errors: as of server_connection.
result<fence_record> read_fence(raw_connection& connection, const std::string& group);

/// Raises the fence: no transaction of an older term can commit afterwards. For the leader that holds the term already
/// nothing changes, and no earlier connection of its lane can commit afterwards. Ends the backends that are in the way
/// after `fence_wait_ms`.
result<lane::opened> raise_fence(raw_connection& connection, const group_options& group, const fence_record& wanted,
                                 raise_memory& memory);

/// As `raise_fence`, of a term that was raised before, over a later connection of its lane: what an earlier one left
/// behind is ended at once, and a raise that is under way is not, for it may be a successor's.
result<lane::opened> confirm_fence(raw_connection& connection, const group_options& group, const fence_record& held,
                                   raise_memory& memory);

/// For a connection of its own in that slot: waits until no transaction of an earlier one can commit any more, ending
/// its backend where it lives on, and answers how the fence stands (nothing is raised).
result<lane::opened> take_slot(raw_connection& connection, const group_options& group, const fence_record& held,
                               int slot, raise_memory& memory);

/// How long raising a fence may take in all before it is given up: a few short questions and a fence that has to be
/// waited for.
std::chrono::milliseconds fence_limit(const group_options& group);

}  // namespace penholder::postgres
