#pragma once

#include "model/fence_record.hpp"
#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace penholder::postgres {

/// What blocks: connecting, checking and fencing. Each call is bounded by the group's time-outs. Worker threads only.
/// Exceptions of libpqxx end here.

/// A connection for `group`; `purpose` shows in pg_stat_activity. Errors: database_unreachable, invalid_argument.
result<std::unique_ptr<raw_connection>> connect(const group_options& group, const std::string& purpose);

/// Fit to be led: a primary, with a schema version that we know. Errors: database_unreachable, schema_missing,
/// schema_unknown, unauthorized.
result<> check_server(raw_connection& connection);

/// Lets the server compile, over this connection, what a new leader will call first: it then does not wait for that.
result<> prime(raw_connection& connection, const std::string& group);

/// The group's fence row, made first where there is none.
result<fence_record> read_fence(raw_connection& connection, const std::string& group);

/// Raises the fence, or confirms it for the leader that holds it already: either way no earlier transaction can commit
/// afterwards. Ends the backends that are in the way after `fence_wait_ms`.
result<fence_answer> raise_fence(raw_connection& connection, const group_options& group, const fence_record& wanted);

/// How long the blocking calls of one errand may take in all before they are given up: a few short questions; the same
/// and a fence that has to be waited for.
std::chrono::milliseconds question_limit(const group_options& group);
std::chrono::milliseconds fence_limit(const group_options& group);

/// Runs `work` and turns what libpqxx throws into an error.
template <class Work>
auto guarded(Work work) -> decltype(work());

error to_error(const std::exception& thrown);

template <class Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& thrown) {
        return to_error(thrown);
    }
}

}  // namespace penholder::postgres
