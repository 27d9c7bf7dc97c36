#pragma once

#include "model/fence_record.hpp"
#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <string>

namespace penholder::postgres {

/// What blocks: reading and raising a group's fence. Each call is bounded by the group's time-outs. Worker threads
/// only.

/// The group's fence row, made first where there is none. Errors: as of server_connection.
result<fence_record> read_fence(raw_connection& connection, const std::string& group);

/// Raises the fence, or confirms it for the leader that holds it already: either way no earlier transaction can commit
/// afterwards. Ends the backends that are in the way after `fence_wait_ms`.
result<fence_answer> raise_fence(raw_connection& connection, const group_options& group, const fence_record& wanted);

/// How long raising a fence may take in all before it is given up: a few short questions and a fence that has to be
/// waited for.
std::chrono::milliseconds fence_limit(const group_options& group);

}  // namespace penholder::postgres
