#pragma once

#include "conninfo.hpp"
#include "raise_memory.hpp"
#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace penholder::postgres {

/// What blocks: connecting to a server and asking whether it is fit to be led. Each call is bounded by the group's
/// time-outs. Worker threads only. Exceptions of libpqxx end here.

/// A connection for `group`; `purpose` shows in pg_stat_activity. It speaks UTF-8 whatever the database's encoding, and
/// what we rely on is set for it whatever role, database and connection string say. Where the string names several
/// hosts all are asked, and the newest server is taken. With a `memory`, one that lacks the last raise of the fence is
/// refused. Errors: database_unreachable, invalid_argument.
result<std::unique_ptr<raw_connection>> connect(const group_options& group, const std::string& purpose,
                                                raise_memory* memory = nullptr);

/// A second connection to the very server that `beside` leads to.
result<std::unique_ptr<raw_connection>> connect_beside(const raw_connection& beside, const group_options& group,
                                                       const std::string& purpose);

/// Where the connection string names several hosts, asks them all, and says in the memory which ones are refused;
/// answers the newest server's lineage, or nothing where there is one host only, or none that may be written to.
std::optional<lineage> look_at_hosts(const group_options& group, raise_memory& memory);

/// How the group's fence stands over this connection and in which history; of unknown lineage where the server has not
/// our schema, is a standby, or lets this role not ask, which cannot raise a fence either. Errors: as of `guarded`.
result<fence_record> read_lineage(raw_connection& connection, const std::string& group);

/// The host and port that it leads to, for people.
std::string host_of(const raw_connection& connection);

/// Fit to be led: a primary, with a schema version that we know and every setting as we rely on it (a pooler may have
/// dropped what we set, and a role's `session_replication_role` is not ours to set). Errors: database_unreachable,
/// schema_missing, schema_unknown, unauthorized.
result<> check_server(raw_connection& connection);

/// What a leader calls and this connection's role may not, with advice; nothing where it may call all.
std::optional<std::string> missing_rights(pqxx::nontransaction& work);

/// Errors: unauthorized where rights are missing, and as of `guarded`.
result<> check_rights(raw_connection& connection);

/// Lets the server compile, over this connection, what a new leader will call first: it then does not wait for that.
result<> prime(raw_connection& connection, const std::string& group);

/// How long the blocking calls of one errand may take in all before they are given up: a few short questions.
std::chrono::milliseconds question_limit(const group_options& group);

/// The database cannot be used, and why, with PostgreSQL's SQLSTATE where it said so: database_unreachable.
error unreachable(const std::string& why, const std::string& sqlstate = {});

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
