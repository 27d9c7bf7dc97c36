#pragma once

#include "api/documents.hpp"
#include "api/json_members.hpp"
#include "api/problem.hpp"
#include "base/timestamp.hpp"

namespace penholder {

BOOST_DESCRIBE_ENUM(outcome, committed, rejected, unknown)
BOOST_DESCRIBE_ENUM(role, offline, observer, follower, suspended, fencing, serving)

}  // namespace penholder

/// What the members of each document are called and where they come from.
namespace penholder::api {

template <class Members>
void describe(Members& has, value_in<Members, leadership>& of) {
    has("group", of.group);
    has("role", of.role);
    has("term", of.term);
    has("leader", of.leader);
    has("endpoint", of.endpoint);
    has("leader_serving", of.leader_serving);
}

template <class Members>
void describe(Members& has, value_in<Members, member>& of) {
    has("node", of.node);
    has("incarnation", of.incarnation);
    has("endpoint", of.endpoint);
    has("http_endpoint", of.http_endpoint);
    has("role_wanted", of.role_wanted);
    has("version", of.version);
    has("started_at", of.started_at);
    has("settings", of.settings);
    has.where_set("database", of.database);
}

template <class Members>
void describe(Members& has, value_in<Members, term_record>& of) {
    has("term", of.number);
    has("node", of.node);
    has("since", of.since);
    has("began", of.began);
    has("evidence", of.evidence);
    has.where_set("database", of.database);
    has.where_set("raised", of.raised);
}

template <class Members>
void describe(Members& has, value_in<Members, not_plain_count>& of) {
    has("reason", of.reason);
    has("writes", of.writes);
}

template <class Members>
void describe(Members& has, value_in<Members, write_counters>& of) {
    has("committed", of.committed);
    has("rejected", of.rejected);
    has("unknown", of.unknown);
    has("replayed", of.replayed);
    has("forwarded", of.forwarded);
    has("overloaded", of.overloaded);
    has("batches", of.batches);
    has("lane_writes", of.lane_writes);
    has("session_writes", of.session_writes);
    has("not_plain", of.not_plain);
    has("sessions_open", of.sessions_open);
    has("suspects_blamed", of.suspects_blamed);
    has("catalogue_changes", of.catalogue_changes);
    has("keys_recorded", of.keys_recorded);
    has("keys_forgotten", of.keys_forgotten);
    has("fence_setbacks", of.fence_setbacks);
    has("lock_waits", of.lock_waits);
}

template <class Members>
void describe(Members& has, value_in<Members, lock_wait>& of) {
    has("write_id", of.write_id);
    has("pid", of.pid);
    has.where_set("application", of.application);
    has.where_set("user", of.user);
    has.where_set("state", of.state);
}

template <class Members>
void describe(Members& has, value_in<Members, group_status>& of) {
    describe(has, of.now);
    has("leader_since", of.leader_since);
    has("eligible", of.eligible);
    has("paused", of.paused);
    has("database_connected", of.database_connected);
    has("link_connected", of.link_connected);
    has("last_contact_ms", of.last_contact_ms);
    has("pending_writes", of.pending_writes);
    has("queued_writes", of.queued_writes);
    has("queue_wait_ms", of.queue_wait_ms);
    has("links", of.links);
    has("leader_changes", of.leader_changes);
    has("process_deaths", of.process_deaths);
    has("evictions", of.evictions);
    has("counters", of.counters);
    has("members", of.members);
    has("lock_waits", of.lock_waits);
    has("trouble", of.trouble);
    has("refused_hosts", of.refused_hosts);
    has("write_outage", of.write_outage);
}

template <class Members>
void describe(Members& has, value_in<Members, refusal_count>& of) {
    has("reason", of.reason);
    has("connections", of.connections);
}

template <class Members>
void describe(Members& has, value_in<Members, ensemble_server_status>& of) {
    has("server", of.server);
    has("connections", of.connections);
    has("bytes_sent", of.bytes_sent);
    has("bytes_received", of.bytes_received);
    has("refusals", of.refusals);
    has("trouble", of.trouble);
}

template <class Members>
void describe(Members& has, value_in<Members, node_status>& of) {
    has("node", of.node);
    has("incarnation", of.incarnation);
    has("version", of.version);
    has("started_at", of.started_at);
    has("endpoint", of.endpoint);
    has("link_certificate_ends_in_s", of.link_certificate_ends_in_s);
    has("ensemble_connected", of.ensemble_connected);
    has("ensemble_trouble", of.ensemble_trouble);
    has("ensemble_servers", of.ensemble_servers);
    has("ensemble_certificate_ends_in_s", of.ensemble_certificate_ends_in_s);
    has("session", of.session);
    has("session_timeout_ms", of.session_timeout_ms);
    has("groups", of.groups);
}

template <class Members>
void describe(Members& has, value_in<Members, statement_result>& of) {
    has("rows_affected", of.rows_affected);
    has.where_set("columns", of.columns);
    has.where_set("types", of.types);
    if (!of.columns.empty()) has("rows", of.rows);
}

/// Members of what carries them; PostgreSQL's DETAIL under a name that a problem has no other meaning for.
template <class Members>
void describe_fields(Members& has, value_in<Members, error_fields>& of) {
    has.where_set("schema", of.schema);
    has.where_set("table", of.table);
    has.where_set("column", of.column);
    has.where_set("data_type", of.data_type);
    has.where_set("constraint", of.constraint);
    has.where_set("position", of.position);
    has.where_set("sql_detail", of.detail);
}

template <class Members>
void describe(Members& has, value_in<Members, reason>& of) {
    has("code", of.code);
    has("message", of.message);
    has.where_set("sqlstate", of.sqlstate);
    has.where_set("statement", of.statement);
    describe_fields(has, of.fields);
    has.where_set("hint", of.hint);
}

template <class Members>
void describe(Members& has, value_in<Members, receipt>& of) {
    has("write_id", of.write_id);
    has("outcome", of.outcome);
    has("term", of.term);
    has("replayed", of.replayed);
    has.as_text("decided_at", of.decided_at, timestamp, timestamp_in);
    has.as_text("lsn", of.lsn, lsn_to_string, lsn_from_string);
    has.where_set("why", of.why);
    if (of.outcome == outcome::committed) has("statements", of.statements);
}

template <class Members>
void describe(Members& has, value_in<Members, history>& of) {
    has("group", of.group);
    has("terms", of.terms);
}

template <class Members>
void describe(Members& has, value_in<Members, member_list>& of) {
    has("group", of.group);
    has("members", of.members);
}

template <class Members>
void describe(Members& has, value_in<Members, pause_state>& of) {
    has("group", of.group);
    has("paused", of.paused);
}

template <class Members>
void describe(Members& has, value_in<Members, problem>& of) {
    has("type", of.type);
    has("title", of.title);
    has("status", of.status);
    has("code", of.code);
    has("detail", of.detail);
    has("outcome", of.outcome);
    has.where_set("group", of.group);
    has.where_set("write_id", of.write_id);
    has.where_set("sqlstate", of.sqlstate);
    has.where_set("statement", of.statement);
    describe_fields(has, of.fields);
    has.where_set("replayed", of.replayed);
    has.as_text("decided_at", of.decided_at, timestamp, timestamp_in);
    has.where_set("pointer", of.pointer);
    has.where_set("trace_id", of.trace_id);
    has.where_set("hint", of.hint);
}

}  // namespace penholder::api
