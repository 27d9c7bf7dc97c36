#pragma once

#include "conninfo.hpp"
#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <string>

namespace penholder::postgres {

/// What blocks: connecting to a server and asking whether it is fit to be led. Each call is bounded by the group's
/// time-outs. Worker threads only. Exceptions of libpqxx end here.

/// A connection for `group`; `purpose` shows in pg_stat_activity. It speaks UTF-8 whatever the database's encoding, and
/// what we rely on is set for it whatever role, database and connection string say. Errors: database_unreachable,
/// invalid_argument.
result<std::unique_ptr<raw_connection>> connect(const group_options& group, const std::string& purpose);

/// Fit to be led: a primary, with a schema version that we know and every setting as we rely on it (a pooler may have
/// dropped what we set, and a role's `session_replication_role` is not ours to set). Errors: database_unreachable,
/// schema_missing, schema_unknown, unauthorized.
result<> check_server(raw_connection& connection);

/// Lets the server compile, over this connection, what a new leader will call first: it then does not wait for that.
result<> prime(raw_connection& connection, const std::string& group);

/// How long the blocking calls of one errand may take in all before they are given up: a few short questions.
std::chrono::milliseconds question_limit(const group_options& group);

/// The database cannot be used, and why: database_unreachable.
error unreachable(const std::string& why);

/// What libpqxx threw, as an error: unauthorized where the role lacks a right, else database_unreachable.
error to_error(const std::exception& thrown);

/// Runs `work` and turns what libpqxx throws into an error.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& thrown) {
        return to_error(thrown);
    }
}

}  // namespace penholder::postgres
